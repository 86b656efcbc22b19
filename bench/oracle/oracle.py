"""A second opinion on traversals.

    oracle.py GRAPH QUESTIONS

GRAPH holds a graph as JSON lines: {"node", "class"} and {"from", "kind", "to", "key", "firstSeen", "lastSeen"}.
QUESTIONS holds one question a line. The answers are written in their order, one a line.

It knows what docs/traversals.md says, keeps everything in memory, and leaves the searching to networkx.
"""

import collections
import heapq
import itertools
import json
import math
import os
import sys

import networkx as nx

KIND_ORDER = ["CONTAINS", "RELATES_TO", "OF", "SHOWS", "HAS", "PAID", "RELATED", "SAME_AS", "ABOUT"]
USUAL_KINDS = ["CONTAINS", "RELATES_TO", "OF", "HAS", "PAID", "RELATED", "SAME_AS"]
RELATED_KINDS = ["CONTAINS", "RELATES_TO", "OF", "HAS"]
OBJECTS_BUT_ACCOUNTS = {"INQUIRY", "REPORT", "TRANSACTION", "SESSION"}
MANY_PATHS = 100_000  # more are not listed
MANY_NODES = 300  # among which all paths are walked, or of a component that is taken apart

Link = collections.namedtuple("Link", "source kind target key first last")


class CaseGraph:
    def __init__(self, path):
        self.links = nx.MultiDiGraph()
        self.cache = {}
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                self.add(json.loads(line))

    def add(self, row):
        if "node" in row:
            self.links.add_node(row["node"], cls=row["class"])
            return
        link = Link(row["from"], row["kind"], row["to"], row["key"], row["firstSeen"], row["lastSeen"])
        self.links.add_edge(link.source, link.target, key=(link.kind, link.key), link=link)

    def class_of(self, node):
        return self.links.nodes[node]["cls"]

    def kind_of(self, node):
        return self.class_of(node).split("/")[0].rstrip("!")

    def ends_at(self, node):
        """The node's links as (link, far end, whether it goes out)."""
        for _, far, link in self.links.out_edges(node, data="link"):
            yield link, far, True
        for far, _, link in self.links.in_edges(node, data="link"):
            yield link, far, False

    def seen_from(self, node, kinds, direction, far_kinds, masked):
        for link, far, out in self.ends_at(node):
            if link.kind not in kinds or self.class_of(far) in masked:
                continue
            if (direction == "OUT" and not out) or (direction == "IN" and out):
                continue
            if far_kinds and self.kind_of(far) not in far_kinds:
                continue
            yield link, far, out

    def is_hub(self, node, degree, limits):
        limit = limits["byClass"].get(self.class_of(node), limits["default"])
        return limit > 0 and degree > limit


def held(link, question):
    since, until = question.get("since", 0), question.get("until", 0)
    if since and (link.last == 0 or link.last < since):
        return False
    return not until or (link.first != 0 and link.first <= until)


def masked_classes(question):
    return {"IDENTIFIER/" + kind for kind in question.get("masked") or []}


# ——— Expansion ———


class Expansion:
    def __init__(self, graph, question):
        self.graph, self.question = graph, question
        self.masked = masked_classes(question)
        self.distance = {}
        self.links = {}
        self.stopped = {}

    def kinds(self, node):
        if self.question["kinds"]:
            return self.question["kinds"]
        if self.graph.kind_of(node) in OBJECTS_BUT_ACCOUNTS:
            return USUAL_KINDS + ["SHOWS"]
        return USUAL_KINDS

    def list_of(self, node):
        q = self.question
        return list(self.graph.seen_from(node, self.kinds(node), q["direction"], q["nodeKinds"], self.masked))

    def answer(self):
        self.run()
        boundaries = []
        for node in self.distance:
            if node not in self.stopped:
                continue
            whole = self.list_of(node)
            if any(link not in self.links for link, _, _ in whole):
                boundaries.append([node, self.stopped[node], len(whole)])
        return {
            "nodes": [[node, distance] for node, distance in self.distance.items()],
            "links": [[link.source, link.kind, link.target, link.key] for link in self.links],
            "boundaries": boundaries,
        }

    def run(self):
        q = self.question
        waiting = collections.deque()
        for node in q["from"]:
            if node not in self.distance:
                self.distance[node] = 0
                waiting.append(node)
        spent = False
        while waiting:
            node = waiting.popleft()
            if self.distance[node] == q["depth"]:
                self.stopped[node] = "DEPTH"
            elif spent:
                self.stopped[node] = "BUDGET"
            else:
                spent = not self.take(node, waiting)

    def take(self, node, waiting):
        q = self.question
        whole = self.list_of(node)
        if self.distance[node] > 0 and self.graph.is_hub(node, len(whole), q["hubLimits"]):
            self.stopped[node] = "HUB"
            return True
        holding = [hop for hop in whole if held(hop[0], q)]
        holding.sort(key=lambda hop: (-hop[0].last, hop[1], KIND_ORDER.index(hop[0].kind), not hop[2], hop[0].key))
        for link, far, _ in holding[: q["perNode"]]:
            if link in self.links:
                continue
            if len(self.links) == q["maxLinks"] or (far not in self.distance and len(self.distance) == q["maxNodes"]):
                self.stopped[node] = "BUDGET"
                return False
            self.links[link] = True
            if far not in self.distance:
                self.distance[far] = self.distance[node] + 1
                waiting.append(far)
        if len(holding) > q["perNode"]:
            self.stopped[node] = "PAGE"
        return True


# ——— Paths ———


def passable(graph, question, masked):
    """What may be passed through: no hubs, nothing masked, the wanted nodes and links only."""
    filters = [question[name] for name in ("kinds", "nodeKinds", "direction", "hubLimits")]
    name = json.dumps(filters + [question.get("since", 0), question.get("until", 0), sorted(masked)], sort_keys=True)
    if name not in graph.cache:
        kinds = question["kinds"] or USUAL_KINDS
        within = set()
        for node in graph.links:
            degree = sum(1 for _ in graph.seen_from(node, kinds, "BOTH", None, masked))
            wanted = not question["nodeKinds"] or graph.kind_of(node) in question["nodeKinds"]
            if wanted and graph.class_of(node) not in masked and not graph.is_hub(node, degree, question["hubLimits"]):
                within.add(node)
        ways = nx.DiGraph()
        ways.add_nodes_from(within)
        for source, target, link in graph.links.edges(data="link"):
            if link.kind in kinds and source in within and target in within and held(link, question):
                add_ways(ways, link, question["direction"])
        graph.cache[name] = ways
    return graph.cache[name]


def add_ways(ways, link, direction):
    added = []
    for near, far, against in ((link.source, link.target, "IN"), (link.target, link.source, "OUT")):
        if direction != against and not ways.has_edge(near, far):
            ways.add_edge(near, far)
            added.append((near, far))
    return added


def answer_paths(graph, question):
    masked = masked_classes(question)
    begin, end, through = question["from"], question["to"], question["through"] or []
    ways = passable(graph, question, masked)
    ends = set(begin) | set(end)
    named = ends | set(through)
    new_nodes = [node for node in named if node not in ways]
    ways.add_nodes_from(new_nodes)
    new_ways = []
    for node in named:
        kinds = question["kinds"] or USUAL_KINDS
        if not question["kinds"] and graph.kind_of(node) in OBJECTS_BUT_ACCOUNTS:
            kinds = kinds + ["SHOWS"]
        for link, far, _ in graph.seen_from(node, kinds, "BOTH", None, masked):
            if far in ways and held(link, question):
                new_ways += add_ways(ways, link, question["direction"])
    try:
        if question["mode"] == "SHORTEST" and not through and not question["avoid"]:
            shared = sorted(ends & set(begin) & set(end))
            if shared:
                return {"length": 0, "paths": [[node] for node in shared]}
            return shortest(ways, begin, end, question["maxLength"])
        return every_path(graph, question, ways, set(through))
    finally:
        ways.remove_edges_from(new_ways)
        ways.remove_nodes_from(new_nodes)


def every_path(graph, question, ways, through):
    """All simple paths there are, one after the other, and only then those wanted."""
    begin, end, longest = set(question["from"]), set(question["to"]), question["maxLength"]
    ends = begin | end
    backwards = ways.reverse(copy=False)
    found = [[node] for node in begin & end]
    for source, target in itertools.product(begin, end):
        there = nx.single_source_shortest_path_length(ways, source, cutoff=longest)
        if source == target or target not in there:
            continue
        back = nx.single_source_shortest_path_length(backwards, target, cutoff=longest)
        near = {node for node in there if there[node] + back.get(node, longest) <= longest}
        near -= (ends - {source, target}) | set(question["avoid"] or [])
        if len(near) > MANY_NODES:
            return {"length": None, "paths": None}
        every = nx.all_simple_paths(nx.DiGraph(ways.subgraph(near)), source, target, cutoff=longest)
        found += itertools.islice(every, MANY_PATHS + 1)
        if len(found) > MANY_PATHS:
            return {"length": None, "paths": None}
    found = [path for path in found if through <= set(path)]
    costs = {tuple(path): path_cost(graph, question, path) for path in found}
    found.sort(key=lambda path: (costs[tuple(path)], path))
    if question["mode"] == "SHORTEST":
        found = [path for path in found if len(path) == len(found[0])]
    found = found[: question["maxPaths"] + 1]
    if question["mode"] in ("K_SHORTEST", "CHEAPEST"):
        found = found[: question["maxPaths"]]
    given = found[: question["maxPaths"]]
    answer = {"length": min((len(path) - 1 for path in given), default=None), "paths": found}
    if question["mode"] == "CHEAPEST":
        answer["costs"] = [costs[tuple(path)] for path in found]
    return answer


def path_cost(graph, question, path):
    """In thousandths: a hop costs one; to an identifier that is passed through, the more the more have it."""
    if question["mode"] != "CHEAPEST":
        return len(path) - 1
    cost = 1000 * (len(path) > 1)
    for node in path[1:-1]:
        if graph.kind_of(node) != "IDENTIFIER":
            cost += 1000
            continue
        kinds = question["kinds"] or USUAL_KINDS
        accounts = sum(1 for _ in graph.seen_from(node, kinds, "BOTH", None, masked_classes(question)))
        limit = question["usualLimits"]["byClass"].get(graph.class_of(node), question["usualLimits"]["default"])
        cost += max(1000, round(1000 * math.log2(max(2, accounts) * limit / 20)))
    return cost


def shortest(ways, begin, end, longest):
    lengths = {}
    for source, target in itertools.product(sorted(set(begin)), sorted(set(end))):
        try:
            lengths[source, target] = len(nx.bidirectional_shortest_path(ways, source, target)) - 1
        except nx.NetworkXNoPath:
            continue
    length = min(lengths.values(), default=longest + 1)
    if length > longest:
        return {"length": None, "paths": []}
    pairs = [pair for pair, found in lengths.items() if found == length]
    every = itertools.chain.from_iterable(nx.all_shortest_paths(ways, source, target) for source, target in pairs)
    some = list(itertools.islice(every, MANY_PATHS + 1))
    if len(some) > MANY_PATHS:
        return {"length": length, "paths": None}
    return {"length": length, "paths": heapq.nsmallest(101, some)}


# ——— Components ———


def answer_component(graph, question):
    masked = masked_classes(question)
    start, kinds = question["of"], question["kinds"] or USUAL_KINDS
    ways = passable(graph, {**question, "direction": "BOTH"}, masked)
    new_node = start not in ways
    new_ways = []
    ways.add_node(start)
    for link, far, _ in graph.seen_from(start, kinds, "BOTH", None, masked):
        if far in ways and held(link, question):
            new_ways += add_ways(ways, link, "BOTH")
    inside = set(nx.single_source_shortest_path_length(ways, start))
    simple = nx.Graph(ways.subgraph(inside)) if len(inside) <= MANY_NODES else None
    ways.remove_edges_from(new_ways)
    if new_node:
        ways.remove_node(start)
    if not simple:
        return {"size": len(inside)}
    between = collections.defaultdict(list)
    for node in inside:
        for _, far, link in graph.links.out_edges(node, data="link"):
            if far in inside and link.kind in kinds and held(link, question):
                between[frozenset((node, far))].append(link)
    links = [link for some in between.values() for link in some]
    single = [between[frozenset(pair)][0] for pair in nx.bridges(simple) if len(between[frozenset(pair)]) == 1]
    return {
        "size": len(inside),
        "nodes": sorted(inside),
        "links": len(links),
        "firstSeen": min((link.first for link in links if link.first), default=0),
        "lastSeen": max((link.last for link in links), default=0),
        "bridges": sorted([link.source, link.kind, link.target, link.key] for link in single),
        "cutNodes": sorted(nx.articulation_points(simple)),
    }


# ——— Related cases ———


def answer_related(graph, question):
    masked = masked_classes(question)
    name = "related" + json.dumps([question["hubLimits"], sorted(masked)], sort_keys=True)
    if name not in graph.cache:
        ways = nx.DiGraph()
        for node in graph.links:
            whole = list(graph.seen_from(node, RELATED_KINDS, "BOTH", None, masked))
            if graph.class_of(node) in masked or graph.kind_of(node) == "CASE" or graph.is_hub(node, len(whole), question["hubLimits"]):
                continue  # it may be met, and is not gone on from
            ways.add_edges_from((node, far) for _, far, _ in whole)
        graph.cache[name] = ways
    ways = graph.cache[name]
    start = question["of"]
    new_ways = [(start, far) for _, far, _ in graph.seen_from(start, RELATED_KINDS, "BOTH", None, masked) if not ways.has_edge(start, far)]
    ways.add_node(start)
    ways.add_edges_from(new_ways)
    lengths = nx.single_source_shortest_path_length(ways, start, cutoff=question["maxLength"])
    ways.remove_edges_from(new_ways)
    cases = {node: n for node, n in lengths.items() if node != start and graph.kind_of(node) == "CASE"}
    return {"cases": sorted([node, n] for node, n in cases.items())}


ANSWERS = {
    "expand": lambda graph, question: Expansion(graph, question).answer(),
    "paths": answer_paths,
    "component": answer_component,
    "related": answer_related,
}


def tell(answer):
    """print() loses the rest of a long line if the process is suspended while it writes."""
    rest = memoryview(json.dumps(answer).encode() + b"\n")
    while rest:
        rest = rest[os.write(sys.stdout.fileno(), rest) :]


def main():
    graph = CaseGraph(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as questions:
        for line in questions:
            question = json.loads(line)
            tell(ANSWERS[question["ask"]](graph, question))


if __name__ == "__main__":
    main()
