package casegraph

// Session is one sign-in or visit: a device at an address at a moment.
type Session struct {
	Object
	IP        string `json:"ip,omitempty"`
	Device    string `json:"device,omitempty"`
	UserAgent string `json:"userAgent,omitempty"`
	// Country is an ISO 3166-1 alpha-2 code.
	Country string `json:"country,omitempty"`
	Place   string `json:"place,omitempty"`
}

// Kind is KindSession.
func (*Session) Kind() Kind { return KindSession }

// Class is the kind.
func (*Session) Class() Class { return Class(KindSession) }

// Texts are the place, note, tags and fields.
func (s *Session) Texts() []string {
	return append(append([]string{s.Place, s.Note}, s.Tags...), fieldTexts(s.Fields)...)
}

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (s *Session) Clone() Node { clone := *s; return &clone }
