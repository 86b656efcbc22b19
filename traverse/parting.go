package traverse

// parting is where a connected graph would fall apart.
type parting struct {
	bridges []cutJoint
	cuts    []cutSpot
}

// cutJoint is a joint that alone leads to some nodes; beyond counts those that
// lie farther from the first node.
type cutJoint struct {
	joint  int32
	beyond int
}

// cutSpot is a node without which parts would be left, the largest of so many
// nodes.
type cutSpot struct {
	node           int32
	parts, largest int
}

// visit is what a search in depth knows of a node.
type visit struct {
	order   int32 // in which it was met, from 1; 0 if it was not
	low     int32 // the earliest that is reached from it or from behind it, but for the joint it was met by
	by      int32 // the joint it was met by
	from    int32 // and the node; -1 for the first
	next    int32 // of its joints
	size    int   // of what was met from it, itself included
	parts   int   // of those behind it that it alone joins to the rest
	parted  int   // nodes in them
	largest int   // of them
}

// partition finds the bridges and the cut nodes of a connected graph by one
// search in depth (Tarjan's), which keeps its way in the nodes and not on the
// stack. Of several joints between two nodes none is a bridge, as only the one
// that a node was met by is passed over.
func partition(nodes int, joints []joint) parting {
	var p parting
	around := endsOf(nodes, joints)
	visits := make([]visit, nodes)
	visits[0] = visit{order: 1, low: 1, by: -1, from: -1, size: 1}
	met := int32(1)
	for at := int32(0); at >= 0; {
		v := &visits[at]
		list := around.of(at)
		if int(v.next) == len(list) {
			p.leave(visits, at)
			at = v.from
			continue
		}
		by := list[v.next]
		v.next++
		if by == v.by {
			continue
		}
		far := joints[by].far(at)
		if known := visits[far].order; known > 0 {
			v.low = min(v.low, known)
			continue
		}
		met++
		visits[far] = visit{order: met, low: met, by: by, from: at, size: 1}
		at = far
	}
	return p
}

// leave tells, when all behind a node is known, whether it is a cut node, and
// whether the joint to it is a bridge.
func (p *parting) leave(visits []visit, at int32) {
	v := &visits[at]
	parts, largest := v.parts, v.largest
	if rest := len(visits) - 1 - v.parted; rest > 0 {
		parts, largest = parts+1, max(largest, rest)
	}
	if parts > 1 {
		p.cuts = append(p.cuts, cutSpot{node: at, parts: parts, largest: largest})
	}
	if v.from < 0 {
		return
	}
	before := &visits[v.from]
	before.size += v.size
	before.low = min(before.low, v.low)
	if v.low >= before.order {
		before.parts++
		before.parted += v.size
		before.largest = max(before.largest, v.size)
	}
	if v.low > before.order {
		p.bridges = append(p.bridges, cutJoint{joint: v.by, beyond: v.size})
	}
}
