package auth

import (
	"context"
	"net/mail"
	"slices"
	"strings"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
)

// MaxName is how many characters the name of a user or a key has at most.
const MaxName = 200

// CreateUserInput is somebody who shall work here.
type CreateUserInput struct {
	Name  string // 1 to MaxName characters
	Email string // "" for none; no two users share one
	Role  casegraph.Role
}

// UserAnswer names a user made or changed.
type UserAnswer struct {
	UserID casegraph.ID `json:"userId"`
}

// CreateUser lets somebody in; administrators alone do. It answers UserAnswer;
// the event is user.created.
func CreateUser(by cases.Asker, in CreateUserInput, newID func(casegraph.Kind) casegraph.ID) (commit.Change, error) {
	user, err := newUser(by, in)
	if err != nil {
		return commit.Change{}, err
	}
	user.ID = newID(casegraph.KindUser)
	needs := casegraph.Needs{Nodes: []casegraph.ID{user.ID}, Values: emailValues(user)}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		values, err := claimEmail(v, user)
		if err != nil {
			return nil, err
		}
		return &commit.Writes{
			Nodes:  []casegraph.Node{user.Clone()},
			Values: values,
			Events: []commit.Event{{Name: "user.created", Subject: user.ID}},
			Answer: cases.Encode(UserAnswer{UserID: user.ID}),
		}, nil
	}}, nil
}

func newUser(by cases.Asker, in CreateUserInput) (*casegraph.User, error) {
	if err := by.Require(casegraph.RoleAdmin); err != nil {
		return nil, err
	}
	name, err := cases.Text("name", in.Name, 1, MaxName)
	if err != nil {
		return nil, err
	}
	email, err := checkEmail(in.Email)
	if err != nil {
		return nil, err
	}
	if err := checkRole(in.Role); err != nil {
		return nil, err
	}
	return &casegraph.User{Name: name, Email: email, Role: in.Role}, nil
}

func checkRole(role casegraph.Role) error {
	if role.Rank() == 0 {
		return casegraph.BadInput("role: must be %s, %s or %s", casegraph.RoleViewer, casegraph.RoleInvestigator, casegraph.RoleAdmin)
	}
	return nil
}

// checkEmail gives an address in lower case.
func checkEmail(raw string) (string, error) {
	if raw == "" {
		return "", nil
	}
	address, err := mail.ParseAddress(raw)
	if err != nil || address.Address != raw || len(raw) > 254 {
		return "", casegraph.BadInput("email: a plain address such as ana@example.org")
	}
	return strings.ToLower(raw), nil
}

// emailValues are the values that keep a user's e-mail from being another's.
func emailValues(user *casegraph.User) []string {
	if user.Email == "" {
		return nil
	}
	return []string{"email/" + user.Email}
}

func claimEmail(v *commit.View, user *casegraph.User) ([]casegraph.Value, error) {
	var claims []casegraph.Value
	for _, key := range emailValues(user) {
		if v.Value(key) != nil {
			return nil, casegraph.BadInput("email: another user has it")
		}
		claims = append(claims, casegraph.Value{Key: key, Data: []byte(user.ID)})
	}
	return claims, nil
}

// UpdateUserInput is what shall become of a user; nil leaves alone.
type UpdateUserInput struct {
	UserID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	Role            *casegraph.Role
	Disabled        *bool // a disabled user can't ask for anything
}

// Administrators are users who may do everything, some if there are many.
func (a *Auth) Administrators(ctx context.Context) ([]casegraph.ID, error) {
	request := casegraph.ListRequest{Kind: casegraph.KindUser, First: casegraph.MaxPage,
		Filter: casegraph.Filter{Path: "role", Op: casegraph.OpEq, Value: string(casegraph.RoleAdmin)}}
	var some []casegraph.ID
	for {
		page, err := a.store.List(ctx, request)
		if err != nil {
			return nil, err
		}
		for _, n := range page.Nodes {
			if rules(n) {
				some = append(some, n.Head().ID)
			}
		}
		if len(some) > 1 || !page.More { // one besides whoever is to be changed
			return some, nil
		}
		place := casegraph.PlaceOf(page.Nodes[len(page.Nodes)-1], request.OrderBy)
		request.After = &place
	}
}

// rules tells whether a node is a user who may do everything.
func rules(n casegraph.Node) bool {
	user, ok := n.(*casegraph.User)
	return ok && user.Role == casegraph.RoleAdmin && !user.Disabled
}

// UpdateUser changes what a user may do, at once; administrators alone do, and
// not to themselves. One of the administrators, as Administrators gives them,
// must be left, whoever asks. It answers UserAnswer; the event is user.updated.
func UpdateUser(by cases.Asker, in UpdateUserInput, administrators []casegraph.ID) (commit.Change, error) {
	if err := by.Require(casegraph.RoleAdmin); err != nil {
		return commit.Change{}, err
	}
	if in.Role != nil {
		if err := checkRole(*in.Role); err != nil {
			return commit.Change{}, err
		}
	}
	if in.UserID == by.ID {
		return commit.Change{}, casegraph.BadInput("userId: nobody changes their own role or shuts themselves out")
	}
	others := slices.DeleteFunc(slices.Clone(administrators), func(id casegraph.ID) bool { return id == in.UserID })
	needs := casegraph.Needs{Nodes: append([]casegraph.ID{in.UserID}, others...)}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		user, ok := v.Node(in.UserID).(*casegraph.User)
		if !ok {
			return nil, casegraph.NoSuch("userId", "user", in.UserID)
		}
		if err := cases.AtVersion(user, in.ExpectedVersion); err != nil {
			return nil, err
		}
		ruled := rules(user)
		if in.Role != nil {
			user.Role = *in.Role
		}
		if in.Disabled != nil {
			user.Disabled = *in.Disabled
		}
		if ruled && !rules(user) && !slices.ContainsFunc(others, func(id casegraph.ID) bool { return rules(v.Node(id)) }) {
			return nil, casegraph.BadInput("userId: this is the last administrator; make another one first")
		}
		return &commit.Writes{
			Nodes:  []casegraph.Node{user},
			Events: []commit.Event{{Name: "user.updated", Subject: in.UserID}},
			Answer: cases.Encode(UserAnswer{UserID: in.UserID}),
		}, nil
	}}, nil
}
