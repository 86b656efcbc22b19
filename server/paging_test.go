package server_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"casegraph/demo"
)

const accountPages = `query($first: Int, $after: Cursor, $last: Int, $before: Cursor, $by: ListOrder!, $direction: SortDirection!) {
	accounts(first: $first, after: $after, last: $last, before: $before, orderBy: {by: $by, direction: $direction}) {
		pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { id } } }`

// Pages of any length, from either end and in any order, make up the same list.
func TestPaging(t *testing.T) {
	f := newFixture(t, localStore(t))
	walk := func(size int, by, direction string, backward bool) []string {
		var ids []string
		vars := map[string]any{"by": by, "direction": direction}
		for {
			if backward {
				vars["last"] = size
			} else {
				vars["first"] = size
			}
			a := f.as(demo.Ben, accountPages, variables(t, vars))
			var page []string
			for _, n := range get(t, a, "accounts", "nodes").([]any) {
				page = append(page, n.(map[string]any)["id"].(string))
			}
			more := get(t, a, "accounts", "pageInfo", "hasNextPage")
			if backward {
				ids = append(page, ids...)
				more = get(t, a, "accounts", "pageInfo", "hasPreviousPage")
				vars["before"] = get(t, a, "accounts", "pageInfo", "startCursor")
			} else {
				ids = append(ids, page...)
				vars["after"] = get(t, a, "accounts", "pageInfo", "endCursor")
			}
			if more == false {
				return ids
			}
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		by := rapid.SampledFrom([]string{"CREATED_AT", "UPDATED_AT", "AT"}).Draw(rt, "by")
		direction := rapid.SampledFrom([]string{"ASC", "DESC"}).Draw(rt, "direction")
		size := rapid.IntRange(7, 100).Draw(rt, "size")
		forward, backward := walk(size, by, direction, false), walk(size, by, direction, true)
		opposite := walk(100, by, map[string]string{"ASC": "DESC", "DESC": "ASC"}[direction], false)
		slices.Reverse(opposite)
		if len(forward) != 110 || !slices.Equal(forward, backward) || !slices.Equal(forward, opposite) {
			rt.Fatalf("%d forward, %d backward, %d the other way round", len(forward), len(backward), len(opposite))
		}
	})
}
