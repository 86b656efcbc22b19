package casegraph

// Transaction is money or value that moved, or was to move.
type Transaction struct {
	Object
	TransactionType string  `json:"transactionType,omitempty"`
	Amount          Decimal `json:"amount,omitempty"`
	// Currency is an ISO 4217 code, or the organisation's own unit.
	Currency string `json:"currency,omitempty"`
}

// Kind is KindTransaction.
func (*Transaction) Kind() Kind { return KindTransaction }

// Class is the kind.
func (*Transaction) Class() Class { return Class(KindTransaction) }

// Texts are the note, tags and fields. A transaction's reference and type are
// looked up, not searched: there are too many of them to be words.
func (t *Transaction) Texts() []string {
	return append(append([]string{t.Note}, t.Tags...), fieldTexts(t.Fields)...)
}

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (t *Transaction) Clone() Node { clone := *t; return &clone }
