package casegraph

// Account is an end user or whatever else the organisation keeps accounts of:
// a person, a business, a bank account, a loan.
type Account struct {
	Object
	// AccountType is the organisation's own name for this sort of account.
	AccountType string `json:"accountType,omitempty"`
	Name        string `json:"name,omitempty"`
}

// Kind is KindAccount.
func (*Account) Kind() Kind { return KindAccount }

// Class is the kind.
func (*Account) Class() Class { return Class(KindAccount) }

// Texts are the name, type, reference, note, tags and fields.
func (a *Account) Texts() []string { return a.texts(a.Name, a.AccountType) }

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (a *Account) Clone() Node { clone := *a; return &clone }
