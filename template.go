package casegraph

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// Template is one revision of what a type of case is like: its fields, its
// statuses and what leads from one to the next, its checklist, its layout.
// Once published it never changes; a case stays with the revision it was
// opened by until it is moved to another.
type Template struct {
	Header
	// Key names the type of case, in lower-kebab; all revisions share it.
	Key string `json:"key"`
	// Revision counts from 1.
	Revision int64         `json:"revision"`
	State    TemplateState `json:"state"`
	// PublishedAt is when its cases could first be opened; 0 for a draft.
	PublishedAt Time `json:"publishedAt,omitempty"`
	TemplateForm
}

// TemplateForm is what somebody who makes a template writes.
type TemplateForm struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// Prefix begins the numbers of its cases, which count without a gap.
	Prefix string          `json:"prefix"`
	Fields []TemplateField `json:"caseFields,omitempty"`
	// OtherFields lets cases have fields that are not listed.
	OtherFields bool                 `json:"otherFields,omitempty"`
	Statuses    []TemplateStatus     `json:"statuses"`
	Resolutions []TemplateResolution `json:"resolutions,omitempty"`
	Checklist   []TemplateItem       `json:"checklist,omitempty"`
	Layout      []TemplateSection    `json:"layout,omitempty"`
	Clocks      []TemplateClock      `json:"clocks,omitempty"`
	// Queue names the one into which its cases come that name none; "" is none.
	Queue string `json:"queue,omitempty"`
	// Assignment says to whom its cases are given, where their queue says
	// nothing of it.
	Assignment *Assignment `json:"assignment,omitempty"`
}

// TemplateField is a field of a template's cases.
type TemplateField struct {
	Key   string    `json:"key"` // its name within the case's fields
	Label string    `json:"label,omitempty"`
	Type  FieldType `json:"type"`
	// Required fields are there from the beginning to the end.
	Required bool `json:"required,omitempty"`
	// WriteOnce fields keep the first value they get.
	WriteOnce bool `json:"writeOnce,omitempty"`
	// Default is what a new case gets that names none; JSON text, nil for none.
	Default json.RawMessage `json:"default,omitempty"`
	// Choices are the values of CHOICES and MULTI_CHOICES.
	Choices []string `json:"choices,omitempty"`
	// Schema is a JSON Schema (draft 2020-12) that values must also meet.
	Schema Fields `json:"schema,omitempty"`
}

// TemplateStatus is a status and what may follow it.
type TemplateStatus struct {
	Name        string               `json:"name"`
	Stage       Stage                `json:"stage"`
	Transitions []TemplateTransition `json:"transitions,omitempty"`
}

// TemplateTransition leads to another status, if its guards let it.
type TemplateTransition struct {
	To string `json:"to"`
	// Fields must have a value.
	Fields []string `json:"fields,omitempty"`
	// Checklist must be finished, where its items are required.
	Checklist bool `json:"checklist,omitempty"`
	// Note and Resolution must come with the change.
	Note       bool `json:"note,omitempty"`
	Resolution bool `json:"resolution,omitempty"`
	// Role is the least that may; "" is an investigator.
	Role Role `json:"role,omitempty"`
	// SecondPerson makes one person ask for it and another do it.
	SecondPerson bool `json:"secondPerson,omitempty"`
}

// LeastRole is the least that may.
func (t TemplateTransition) LeastRole() Role {
	if t.Role == "" {
		return RoleInvestigator
	}
	return t.Role
}

// TemplateResolution is a way in which a case can end.
type TemplateResolution struct {
	Name    string      `json:"name"`
	Outcome CaseOutcome `json:"outcome"`
}

// TemplateItem is something to do before a case is done with.
type TemplateItem struct {
	Key      string `json:"key"`
	Label    string `json:"label"`
	Required bool   `json:"required,omitempty"`
	// After are the keys of the items that are done before it.
	After []string `json:"after,omitempty"`
}

// TemplateSection is a part of a case's page, from the top down.
type TemplateSection struct {
	Title  string   `json:"title"`
	Panel  Panel    `json:"panel"`
	Fields []string `json:"fields,omitempty"` // which of them PanelFields shows
}

// Kind is KindTemplate.
func (*Template) Kind() Kind { return KindTemplate }

// Class is the kind.
func (*Template) Class() Class { return Class(KindTemplate) }

// Reference makes a revision findable as "key@revision".
func (t *Template) Reference() Key { return TemplateKey(t.Key, t.Revision) }

// TemplateKey finds a revision of a template.
func TemplateKey(key string, revision int64) Key {
	return Key{Kind: KindTemplate, Reference: fmt.Sprintf("%s@%d", key, revision)}
}

// Texts are the key, the name and the description.
func (t *Template) Texts() []string { return []string{t.Key, t.Name, t.Description} }

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (t *Template) Clone() Node { clone := *t; return &clone }

// TemplateState is how far a revision of a template is.
type TemplateState string

// The states.
const (
	TemplateDraft     TemplateState = "DRAFT"     // may change; opens no case
	TemplatePublished TemplateState = "PUBLISHED" // never changes again
	TemplateArchived  TemplateState = "ARCHIVED"  // opens no case any more
)

// Stage is where in a case's life a status stands.
type Stage string

// The stages.
const (
	StageInitial      Stage = "INITIAL"
	StageIntermediate Stage = "INTERMEDIATE"
	StageEnd          Stage = "END"
)

// CaseOutcome is what a resolution says of the suspicion.
type CaseOutcome string

// The outcomes.
const (
	OutcomeConfirmed     CaseOutcome = "CONFIRMED"
	OutcomeFalsePositive CaseOutcome = "FALSE_POSITIVE"
	OutcomeInconclusive  CaseOutcome = "INCONCLUSIVE"
	OutcomeNone          CaseOutcome = "NONE" // the resolution says nothing of it, as a duplicate
)

// FieldType is what the values of a field are.
type FieldType string

// The types of fields, as JSON.
const (
	FieldString       FieldType = "STRING"
	FieldInteger      FieldType = "INTEGER"
	FieldNumber       FieldType = "NUMBER"
	FieldBoolean      FieldType = "BOOLEAN"
	FieldDate         FieldType = "DATE"     // 2026-01-31
	FieldDatetime     FieldType = "DATETIME" // RFC 3339
	FieldEmailAddress FieldType = "EMAIL_ADDRESS"
	FieldChoices      FieldType = "CHOICES"       // one of Choices
	FieldMultiChoices FieldType = "MULTI_CHOICES" // a list of some of Choices
	FieldArray        FieldType = "ARRAY"         // a list
	FieldHash         FieldType = "HASH"          // an object
	FieldJSON         FieldType = "JSON"          // anything
	FieldFile         FieldType = "FILE"          // {filename, url, byteSize}
	FieldRelation     FieldType = "RELATION"      // the id of a node
)

// Panel is what a section of a case's page shows.
type Panel string

// The panels.
const (
	PanelFields    Panel = "FIELDS"
	PanelObjects   Panel = "OBJECTS"
	PanelChecklist Panel = "CHECKLIST"
	PanelGraph     Panel = "GRAPH"
	PanelRelated   Panel = "RELATED_CASES"
	PanelTimeline  Panel = "TIMELINE"
	PanelComments  Panel = "COMMENTS"
)

// words of the enums, for reading them.
var (
	templateStates = []TemplateState{TemplateDraft, TemplatePublished, TemplateArchived}
	stages         = []Stage{StageInitial, StageIntermediate, StageEnd}
	outcomes       = []CaseOutcome{OutcomeConfirmed, OutcomeFalsePositive, OutcomeInconclusive, OutcomeNone}
	fieldTypes     = []FieldType{FieldString, FieldInteger, FieldNumber, FieldBoolean, FieldDate, FieldDatetime, FieldEmailAddress,
		FieldChoices, FieldMultiChoices, FieldArray, FieldHash, FieldJSON, FieldFile, FieldRelation}
	panels = []Panel{PanelFields, PanelObjects, PanelChecklist, PanelGraph, PanelRelated, PanelTimeline, PanelComments}
)

// MarshalGQL writes the enum value.
func (s TemplateState) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(s))) }

// UnmarshalGQL reads an enum value.
func (s *TemplateState) UnmarshalGQL(v any) error { return readEnum(s, v, templateStates) }

// MarshalGQL writes the enum value.
func (s Stage) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(s))) }

// UnmarshalGQL reads an enum value.
func (s *Stage) UnmarshalGQL(v any) error { return readEnum(s, v, stages) }

// MarshalGQL writes the enum value, or null where there is none.
func (o CaseOutcome) MarshalGQL(w io.Writer) {
	if o == "" {
		io.WriteString(w, "null")
		return
	}
	io.WriteString(w, strconv.Quote(string(o)))
}

// UnmarshalGQL reads an enum value.
func (o *CaseOutcome) UnmarshalGQL(v any) error { return readEnum(o, v, outcomes) }

// MarshalGQL writes the enum value.
func (t FieldType) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(t))) }

// UnmarshalGQL reads an enum value.
func (t *FieldType) UnmarshalGQL(v any) error { return readEnum(t, v, fieldTypes) }

// MarshalGQL writes the enum value.
func (p Panel) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(p))) }

// UnmarshalGQL reads an enum value.
func (p *Panel) UnmarshalGQL(v any) error { return readEnum(p, v, panels) }

func readEnum[E ~string](into *E, v any, values []E) error {
	*into = E(fmt.Sprint(v))
	if !slices.Contains(values, *into) {
		return fmt.Errorf("%.100q is none of %v", *into, values)
	}
	return nil
}
