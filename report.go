package casegraph

// Report is what a screening or a data source says of an end user.
type Report struct {
	Object
	// ReportType names the source, such as "watchlist" or "adverse-media".
	ReportType string `json:"reportType,omitempty"`
	// HasMatch tells whether the report found something; nil while unknown.
	HasMatch *bool `json:"hasMatch,omitempty"`
}

// Kind is KindReport.
func (*Report) Kind() Kind { return KindReport }

// Class is the kind.
func (*Report) Class() Class { return Class(KindReport) }

// Texts are the type, reference, note, tags and fields.
func (r *Report) Texts() []string { return r.texts(r.ReportType) }

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (r *Report) Clone() Node { clone := *r; return &clone }
