package figures

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"casegraph"
)

// header are the columns of the CSV before those of age and behind them.
var (
	header   = []string{"group", "name", "from", "to", "opened", "closed", "reopened", "escalated", "open"}
	measures = []string{"oldest_open_since", "first_responses", "first_response_p50_s", "first_response_p75_s", "first_response_p95_s",
		"resolved", "resolution_p50_s", "resolution_p75_s", "resolution_p95_s", "confirmed", "false_positive", "inconclusive", "no_outcome", "resolutions",
		"clocks_kept", "clocks_breached", "clocks_running", "clocks_paused", "clocks_overdue", "clocks"}
)

// CSV is the answer as a table with a header, as RFC 4180 has it; names tells
// what people call a group. Texts that a spreadsheet would take for a formula
// begin with an apostrophe.
func (a *Answer) CSV(names func(value string) string) string {
	var text strings.Builder
	w := csv.NewWriter(&text)
	w.UseCRLF = true
	w.Write(columns())
	for _, row := range a.Rows {
		w.Write(row.cells(names(row.Value)))
	}
	w.Flush()
	return text.String()
}

func columns() []string {
	all := append([]string{}, header...)
	for _, band := range new(Row).OpenByAge() {
		if band.ToDays == nil {
			all = append(all, fmt.Sprintf("open_%d_days_or_more", band.FromDays))
		} else {
			all = append(all, fmt.Sprintf("open_%d_to_%d_days", band.FromDays, *band.ToDays))
		}
	}
	return append(all, measures...)
}

func (r *Row) cells(name string) []string {
	cells := []string{plain(r.Value), plain(name), r.From.String(), r.To.String()}
	count := func(n int) { cells = append(cells, strconv.Itoa(n)) }
	for _, n := range []int{r.Opened, r.Closed, r.Reopened, r.Escalated, r.Open} {
		count(n)
	}
	for _, n := range r.ages {
		count(n)
	}
	cells = append(cells, r.OldestOpenSince.String())
	for _, s := range []*Spread{r.TimeToFirstResponse(), r.TimeToResolution()} {
		count(s.Count)
		cells = append(cells, seconds(s.P50), seconds(s.P75), seconds(s.P95))
	}
	outcomes := map[casegraph.CaseOutcome]int{}
	for _, o := range r.Outcomes() {
		outcomes[o.Outcome] = o.Count
	}
	for _, outcome := range []casegraph.CaseOutcome{casegraph.OutcomeConfirmed, casegraph.OutcomeFalsePositive, casegraph.OutcomeInconclusive} {
		count(outcomes[outcome])
	}
	count(outcomes[casegraph.OutcomeNone] + outcomes[""])
	var resolutions []string
	for _, c := range r.Resolutions() {
		if c.Resolution != "" {
			resolutions = append(resolutions, fmt.Sprintf("%s: %d", c.Resolution, c.Count))
		}
	}
	cells = append(cells, plain(strings.Join(resolutions, "; ")))
	var all ClockCount
	var clocks []string
	for _, c := range r.Clocks {
		all.Kept, all.Breached = all.Kept+c.Kept, all.Breached+c.Breached
		all.Running, all.Paused, all.Overdue = all.Running+c.Running, all.Paused+c.Paused, all.Overdue+c.Overdue
		if c.Kept+c.Breached > 0 {
			clocks = append(clocks, fmt.Sprintf("%s: %d kept, %d breached", c.Name, c.Kept, c.Breached))
		}
	}
	for _, n := range []int{all.Kept, all.Breached, all.Running, all.Paused, all.Overdue} {
		count(n)
	}
	return append(cells, strings.Join(clocks, "; "))
}

func seconds(s *float64) string {
	if s == nil {
		return ""
	}
	return strconv.FormatFloat(*s, 'f', -1, 64)
}

// plain keeps a text from being taken for a formula.
func plain(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
