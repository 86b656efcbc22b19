package auth

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"casegraph"
	"casegraph/cases"
)

func TestAKeyActsForItsUser(t *testing.T) {
	h := newHouse(t)
	user := h.user(casegraph.RoleInvestigator)
	secret, answer := h.key(AddKeyInput{UserID: user})
	asker, err := h.asksWithKey(secret)
	if err != nil || asker.ID != user || asker.Role != casegraph.RoleInvestigator || answer.UserID != user {
		t.Errorf("the asker is %+v, %v", asker, err)
	}
	if asker, err := h.asks(map[string]string{"Authorization": "bearer " + secret}); err != nil || asker.ID != user {
		t.Errorf("a lower-case scheme gives %+v, %v", asker, err)
	}
}

func TestAFirstKeyBringsItsUser(t *testing.T) {
	h := newHouse(t)
	secret, answer := h.key(AddKeyInput{Role: casegraph.RoleAdmin})
	asker, err := h.asksWithKey(secret)
	if err != nil || asker.Role != casegraph.RoleAdmin || asker.ID != answer.UserID {
		t.Errorf("the asker is %+v, %v", asker, err)
	}
}

func TestWhatAKeyOpens(t *testing.T) {
	h := newHouse(t)
	user := h.user(casegraph.RoleAdmin)
	expires := casegraph.TimeOf(h.now.Add(time.Hour))
	expiring, _ := h.key(AddKeyInput{UserID: user, ExpiresAt: expires})
	revoked, answer := h.key(AddKeyInput{UserID: user})
	if _, err := h.asksWithKey(expiring); err != nil {
		t.Errorf("a key before it expires: %v", err)
	}
	h.now = expires.Std()
	for range 2 {
		if _, err := h.do(RevokeKey(cases.System(), answer.KeyID)); err != nil {
			t.Fatal(err)
		}
	}
	unknown := "cg_" + strings.Repeat("a", 52)
	for name, header := range map[string]string{
		"expired":        "Bearer " + expiring,
		"revoked":        "Bearer " + revoked,
		"unknown":        "Bearer " + unknown,
		"cut short":      "Bearer " + expiring[:54],
		"in capitals":    "Bearer " + strings.ToUpper(expiring),
		"not a key":      "Bearer " + string(answer.KeyID),
		"another scheme": "Basic " + expiring,
	} {
		t.Run(name, func(t *testing.T) {
			asker, err := h.asks(map[string]string{"Authorization": header})
			refused(t, err, casegraph.CodeUnauthenticated, "")
			if err != errBadKey || asker.Role != "" {
				t.Errorf("it tells more than others: %v, %+v", err, asker)
			}
		})
	}
	if key, err := h.auth.Key(t.Context(), answer.KeyID); err != nil || key.RevokedAt != casegraph.TimeOf(h.now) || key.Version != 2 {
		t.Errorf("the revoked key is %+v, %v", key, err)
	}
}

func TestAddKeyRefuses(t *testing.T) {
	h := newHouse(t)
	user, disabled, yes := h.user(casegraph.RoleViewer), h.user(casegraph.RoleViewer), true
	h.update(UpdateUserInput{UserID: disabled, Disabled: &yes})
	admin := cases.Asker{ID: user, Role: casegraph.RoleAdmin}
	for name, test := range map[string]struct {
		by    cases.Asker
		in    AddKeyInput
		code  casegraph.Code
		field string
	}{
		"nobody":          {cases.Asker{}, AddKeyInput{Name: "x", UserID: user}, casegraph.CodeUnauthenticated, ""},
		"an investigator": {cases.Asker{Role: casegraph.RoleInvestigator}, AddKeyInput{Name: "x", UserID: user}, casegraph.CodeForbidden, ""},
		"no name":         {admin, AddKeyInput{UserID: user}, casegraph.CodeBadInput, "name"},
		"no such user":    {admin, AddKeyInput{Name: "x", UserID: "usr_missing"}, casegraph.CodeNotFound, "userId"},
		"a disabled user": {admin, AddKeyInput{Name: "x", UserID: disabled}, casegraph.CodeBadInput, "userId"},
		"another role":    {admin, AddKeyInput{Name: "x", UserID: user, Role: casegraph.RoleAdmin}, casegraph.CodeBadInput, "role"},
		"no role":         {admin, AddKeyInput{Name: "x"}, casegraph.CodeBadInput, "role"},
		"the past":        {admin, AddKeyInput{Name: "x", UserID: user, ExpiresAt: casegraph.TimeOf(h.now)}, casegraph.CodeBadInput, "expiresAt"},
	} {
		t.Run(name, func(t *testing.T) {
			change, secret, err := AddKey(test.by, test.in, h.newID)
			_, err = h.do(change, err)
			refused(t, err, test.code, test.field)
			if secret != "" && strings.Contains(err.Error(), secret) {
				t.Error("the error shows the key")
			}
		})
	}
	_, err := h.do(RevokeKey(cases.Asker{Role: casegraph.RoleInvestigator}, "key_x"))
	refused(t, err, casegraph.CodeForbidden, "")
	_, err = h.do(RevokeKey(admin, user))
	refused(t, err, casegraph.CodeNotFound, "keyId")
}

func TestAKeyIsWrittenNowhere(t *testing.T) {
	h := newHouse(t)
	change, secret, err := AddKey(cases.System(), AddKeyInput{Name: "nightly import", Role: casegraph.RoleAdmin}, h.newID)
	if err != nil {
		t.Fatal(err)
	}
	if change.Once, err = cases.Once("usr_ana", "createApiKey", "k", "body"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.do(change, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := h.asksWithKey(secret); err != nil {
		t.Fatal(err)
	}
	kept := h.kept()
	if !bytes.Contains(kept, []byte("nightly import")) || !bytes.Contains(kept, []byte(keyID(secret))) {
		t.Fatal("what is kept was not read")
	}
	for _, part := range []string{secret, secret[len("cg_"):], secret[3:19], secret[len(secret)-16:]} {
		if bytes.Contains(kept, []byte(part)) {
			t.Errorf("the key's text is kept")
		}
	}
	raw, err := lowerBase32.DecodeString(secret[len("cg_"):])
	if err != nil || len(raw) != 32 || bytes.Contains(kept, raw[:16]) {
		t.Errorf("the key is %d bytes, or kept: %v", len(raw), err)
	}
}

func TestARepeatedRequestGivesNoSecondKey(t *testing.T) {
	h := newHouse(t)
	user := h.user(casegraph.RoleAdmin)
	ask := func() (string, bool) {
		change, secret, err := AddKey(cases.System(), AddKeyInput{Name: "x", UserID: user}, h.newID)
		if err != nil {
			t.Fatal(err)
		}
		change.Once, _ = cases.Once(user, "createApiKey", "k", nil)
		result, err := h.do(change, nil)
		if err != nil {
			t.Fatal(err)
		}
		return secret, result.Replayed
	}
	first, _ := ask()
	second, replayed := ask()
	if _, err := h.asksWithKey(first); err != nil {
		t.Error(err)
	}
	_, err := h.asksWithKey(second)
	if refused(t, err, casegraph.CodeUnauthenticated, ""); !replayed {
		t.Error("the repeat is not told as one")
	}
}
