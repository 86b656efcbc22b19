package localstore

import (
	"context"
	"strings"
	"sync"

	"casegraph"
)

// classNames are the classes by their number in the file. There are few and
// they never change, so they are read once and again when an unknown one is
// met.
type classNames struct {
	mu    sync.RWMutex
	byCID map[int64]casegraph.Class // never written, only replaced
}

// named are the classes, those of the given numbers among them. It may read,
// so it must not be asked while rows are open: readers that hold a connection
// and wait for another would wait for each other.
func (s *Store) named(ctx context.Context, cids map[int64]bool) (map[int64]casegraph.Class, error) {
	known := s.known()
	for cid := range cids {
		if _, ok := known[cid]; !ok {
			err := s.readClasses(ctx)
			return s.known(), err
		}
	}
	return known, nil
}

func (s *Store) known() map[int64]casegraph.Class {
	s.classes.mu.RLock()
	defer s.classes.mu.RUnlock()
	return s.classes.byCID
}

func (s *Store) readClasses(ctx context.Context) error {
	byCID := map[int64]casegraph.Class{}
	rows, err := s.stmts.query(ctx, "SELECT cid, class FROM classes")
	err = each(rows, err, func(r scanner) error {
		var cid int64
		var class casegraph.Class
		err := r.Scan(&cid, &class)
		byCID[cid] = class
		return err
	})
	if err != nil {
		return err
	}
	s.classes.mu.Lock()
	defer s.classes.mu.Unlock()
	s.classes.byCID = byCID
	return nil
}

// hiddenBy is a condition that leaves out what a mask hides.
func hiddenBy(mask casegraph.Mask, args *[]any) string {
	hidden := mask.Classes()
	if len(hidden) == 0 {
		return "1"
	}
	for _, class := range hidden {
		*args = append(*args, string(class))
	}
	return "n.cid NOT IN (SELECT cid FROM classes WHERE class IN (?" + strings.Repeat(", ?", len(hidden)-1) + "))"
}
