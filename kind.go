package casegraph

import (
	"fmt"
	"io"
	"strconv"
)

// Kind is what a node is. Its text is the GraphQL enum value.
type Kind string

// The kinds of nodes.
const (
	KindCase        Kind = "CASE"
	KindAccount     Kind = "ACCOUNT"
	KindInquiry     Kind = "INQUIRY"
	KindReport      Kind = "REPORT"
	KindTransaction Kind = "TRANSACTION"
	KindSession     Kind = "SESSION"
	KindIdentifier  Kind = "IDENTIFIER"
	KindUser        Kind = "USER"
	KindComment     Kind = "COMMENT"
	KindTemplate    Kind = "TEMPLATE"
	KindQueue       Kind = "QUEUE"
	KindCalendar    Kind = "CALENDAR"
	KindRule        Kind = "RULE"
	KindView        Kind = "VIEW"
	KindMark        Kind = "MARK"
	KindKey         Kind = "KEY"

	// KindBulk begins the ids of bulks, which are no nodes.
	KindBulk Kind = "BULK"
)

type kindNames struct{ prefix, label string }

var kinds = map[Kind]kindNames{
	KindCase:        {"case_", "Case"},
	KindAccount:     {"act_", "Account"},
	KindInquiry:     {"inq_", "Inquiry"},
	KindReport:      {"rep_", "Report"},
	KindTransaction: {"txn_", "Transaction"},
	KindSession:     {"ses_", "Session"},
	KindIdentifier:  {"idn_", "Identifier"},
	KindUser:        {"usr_", "User"},
	KindComment:     {"cmt_", "Comment"},
	KindTemplate:    {"tpl_", "Template"},
	KindQueue:       {"que_", "Queue"},
	KindCalendar:    {"cal_", "Calendar"},
	KindRule:        {"rule_", "Rule"},
	KindView:        {"view_", "View"},
	KindMark:        {"mrk_", "Mark"},
	KindKey:         {"key_", "Key"},
	KindBulk:        {"bulk_", "Bulk"},
}

var kindByPrefix = func() map[string]Kind {
	m := make(map[string]Kind, len(kinds))
	for kind, names := range kinds {
		m[names.prefix] = kind
	}
	return m
}()

// Kinds lists every kind of node, in the order in which they are declared.
func Kinds() []Kind {
	return []Kind{KindCase, KindAccount, KindInquiry, KindReport, KindTransaction,
		KindSession, KindIdentifier, KindUser, KindComment, KindTemplate, KindQueue, KindCalendar, KindRule, KindView, KindMark, KindKey}
}

// Prefix is the beginning of every id of this kind, with its underscore.
func (k Kind) Prefix() string { return kinds[k].prefix }

// Label is the kind's name as a GraphQL type and as a Neo4j label.
func (k Kind) Label() string { return kinds[k].label }

// Valid tells whether there are nodes of the kind.
func (k Kind) Valid() bool { _, ok := kinds[k]; return ok && k != KindBulk }

// IsObject tells whether a case can contain nodes of this kind and whether
// they come from a source of their own.
func (k Kind) IsObject() bool {
	switch k {
	case KindAccount, KindInquiry, KindReport, KindTransaction, KindSession:
		return true
	}
	return false
}

// MarshalGQL writes the enum value.
func (k Kind) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(k))) }

// UnmarshalGQL reads an enum value.
func (k *Kind) UnmarshalGQL(v any) error {
	*k = Kind(fmt.Sprint(v))
	if !k.Valid() || *k == KindKey || *k == KindMark {
		return fmt.Errorf("%q is no NodeKind", *k)
	}
	return nil
}

// IdentifierKind is what an identifier is: email, phone, device, ip, network,
// address, government-id, tax-id, bank-account, card, face,
// name-and-birthdate, or an organisation's own lower-case name.
type IdentifierKind string

// Class is a node's kind as far as seeing it is concerned: the kind itself,
// "IDENTIFIER/email" for an identifier, "CASE!" for a restricted case. Every
// link end carries it, so that lists and degrees can be masked.
type Class string

// Kind is the class's node kind.
func (c Class) Kind() Kind {
	for i := 0; i < len(c); i++ {
		if c[i] == '/' || c[i] == '!' {
			return Kind(c[:i])
		}
	}
	return Kind(c)
}

// IdentifierKind is the identifier kind in the class, or "".
func (c Class) IdentifierKind() IdentifierKind {
	const prefix = string(KindIdentifier) + "/"
	if len(c) > len(prefix) && string(c[:len(prefix)]) == prefix {
		return IdentifierKind(c[len(prefix):])
	}
	return ""
}

// Restricted tells whether only some may see nodes of the class.
func (c Class) Restricted() bool { return len(c) > 0 && c[len(c)-1] == '!' }
