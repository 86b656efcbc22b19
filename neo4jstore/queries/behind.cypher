($after[id] IS NULL OR r.lastSeen < $after[id].t OR (r.lastSeen = $after[id].t AND
        (far.id > $after[id].f OR (far.id = $after[id].f AND
        ($order[type(r)] > $order[$after[id].k] OR (type(r) = $after[id].k AND
        ((startNode(r) <> n AND $after[id].o) OR ((startNode(r) = n) = $after[id].o AND r.key > $after[id].y))))))))
