package attack

// far is the distance of what was not reached.
const far = int32(1<<31 - 1)

// search is Dijkstra's algorithm with one bucket for each distance (Dial 1969),
// since efforts are small whole numbers. It keeps its memory from run to run.
type search struct {
	g       *graph
	dist    []int32
	steps   []int32
	via     []int32 // edge by which a node was reached; -1 at the start
	settled []bool
	order   []int32   // settled nodes, nearest first
	buckets [][]int32 // nodes by distance, modulo their number
}

func newSearch(g *graph, widest int32) *search {
	n := len(g.nodes)
	return &search{
		g: g, dist: make([]int32, n), steps: make([]int32, n), via: make([]int32, n), settled: make([]bool, n),
		buckets: make([][]int32, widest+1),
	}
}

// run finds the path of least effort to each node, of those the one with the
// fewest steps. With a list of allowed edges it uses no others.
func (s *search) run(v *view, start int32, allowed []bool) {
	for n := range s.dist {
		s.dist[n], s.via[n], s.settled[n] = far, -1, false
	}
	s.order = s.order[:0]
	s.dist[start], s.steps[start] = 0, 0
	s.buckets[0] = append(s.buckets[0], start)
	width, waiting := int32(len(s.buckets)), 1
	for at := int32(0); waiting > 0; at++ {
		bucket := s.buckets[at%width]
		waiting -= len(bucket)
		for _, n := range bucket {
			if !s.settled[n] && s.dist[n] == at {
				s.settled[n] = true
				s.order = append(s.order, n)
				waiting += s.relax(v, n, allowed)
			}
		}
		s.buckets[at%width] = bucket[:0]
	}
}

// relax looks at what follows a node. Every edge costs at least one, so nothing
// is put into the bucket that is being emptied.
func (s *search) relax(v *view, n int32, allowed []bool) (added int) {
	for _, e := range s.g.outgoing[n] {
		if allowed != nil && !allowed[e] {
			continue
		}
		to, d := s.g.edges[e].to, s.dist[n]+v.weight[e]
		switch {
		case d < s.dist[to]:
			at := d % int32(len(s.buckets))
			s.buckets[at] = append(s.buckets[at], to)
			added++
		case d > s.dist[to] || s.settled[to] || s.steps[n]+1 >= s.steps[to]:
			continue
		}
		s.dist[to], s.steps[to], s.via[to] = d, s.steps[n]+1, e
	}
	return added
}

// nearest is the node of a target that takes the least effort, or -1. The start
// itself does not count: it is no path.
func (s *search) nearest(t *Target) int32 {
	best := int32(-1)
	for _, n := range t.nodes {
		if s.via[n] >= 0 && (best < 0 || s.dist[n] < s.dist[best]) {
			best = n
		}
	}
	return best
}

// trail are the edges from the start to a node.
func (s *search) trail(n int32) []int32 {
	list := make([]int32, s.steps[n])
	for i := len(list) - 1; i >= 0; i-- {
		list[i] = s.via[n]
		n = s.g.edges[list[i]].from
	}
	return list
}
