package identity

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// domains is what a name is looked up by: lower case, ASCII. Hyphens anywhere are allowed, as registries once did.
var domains = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true),
	idna.CheckHyphens(false), idna.VerifyDNSLength(true), idna.Transitional(false))

// email is mailbox@domain in lower case, the domain in ASCII. Dots and plus tags stay: see EmailInbox.
func email(text string, _ Options) (string, bool, string) {
	mailbox, domain, found := strings.Cut(text, "@")
	if !found || strings.Contains(domain, "@") {
		return "", false, "must have exactly one @"
	}
	mailbox = norm.NFKC.String(strings.ToLower(mailbox))
	if mailbox == "" || len(mailbox) > 64 || strings.ContainsFunc(mailbox, noMailbox) {
		return "", false, "must have 1 to 64 bytes before the @, without spaces, quotes, brackets or commas"
	}
	domain, err := domains.ToASCII(strings.TrimSuffix(domain, "."))
	if err != nil || !strings.Contains(domain, ".") {
		return "", false, "must have a domain name such as bank.com after the @"
	}
	return mailbox + "@" + domain, mailForNothing(mailbox, domain), ""
}

// noMailbox says whether a character may not stand in a mailbox: letters, digits and some signs may (RFC 5322's atext and
// the dot, RFC 6531's letters of other scripts).
func noMailbox(r rune) bool {
	return r <= ' ' || r < utf8.RuneSelf && strings.ContainsRune(`"(),:;<>@[\]`+"\x7f", r)
}

func mailForNothing(mailbox, domain string) bool {
	untagged, _, _ := strings.Cut(mailbox, "+")
	if mailboxesForNothing[untagged] {
		return true
	}
	for _, d := range mailDomainsForNothing {
		if domain == d || strings.HasSuffix(domain, "."+d) {
			return true
		}
	}
	return false
}

// taggedMail are the providers known to deliver name+tag to name. Elsewhere a plus is a letter like any other.
var taggedMail = set("outlook.com", "hotmail.com", "live.com", "icloud.com", "me.com", "fastmail.com", "proton.me", "protonmail.com")

// EmailInbox gives the mailbox that a canonical email is delivered to, as far as providers are known: Gmail ignores dots and,
// like a few others, what follows a plus. It is an identifier of its own, of the kind Inbox, beside the email: one person
// uses many spellings, and a spelling shared by two accounts says more than a mailbox does.
func EmailInbox(canonical string) string {
	mailbox, domain, _ := strings.Cut(canonical, "@")
	gmail := domain == "gmail.com" || domain == "googlemail.com"
	if !gmail && !taggedMail[domain] {
		return canonical
	}
	name, _, _ := strings.Cut(mailbox, "+")
	if gmail {
		name, domain = strings.ReplaceAll(name, ".", ""), "gmail.com"
	}
	if name == "" {
		return canonical
	}
	return name + "@" + domain
}

func inbox(text string, opts Options) (string, bool, string) {
	canonical, placeholder, rule := email(text, opts)
	return EmailInbox(canonical), placeholder, rule
}
