package draw

// search is the state of the search for one way: best known cost and previous
// state per state, valid when stamped with the current run. A state is a spot
// and the direction in which the wire runs there.
type search struct {
	cost  []int32
	from  []int32
	stamp []int32
	goal  []int32 // extra cost of ending there, plus one
	run   int32
	queue queue
}

func (s *search) init(spots int) {
	n := spots * 4
	s.cost, s.from, s.stamp, s.goal = make([]int32, n), make([]int32, n), make([]int32, n), make([]int32, n)
}

// find is A*: the way of least cost from one of the starts to one of the goals,
// as states.
func (r *router) find(l *bundle, starts, goals []exit) []int32 {
	s := &r.search
	s.run++
	s.queue.reset()
	var marked []int32
	lo, hi := goals[0].at, goals[0].at
	for _, g := range goals {
		k := r.index(g.at)*4 + int32(g.out.back())
		s.goal[k] = g.cost + 1
		marked = append(marked, k)
		lo, hi = spot{min(lo.x, g.at.x), min(lo.y, g.at.y)}, spot{max(hi.x, g.at.x), max(hi.y, g.at.y)}
	}
	defer func() {
		for _, k := range marked {
			s.goal[k] = 0
		}
	}()
	guess := func(at spot) int32 {
		return costStep * (max(lo.x-at.x, at.x-hi.x, 0) + max(lo.y-at.y, at.y-hi.y, 0))
	}
	for _, e := range starts {
		s.offer(r.index(e.at)*4+int32(e.out), -1, e.cost, guess(e.at))
	}
	best, end := int32(1<<30), int32(-1)
	for {
		state, f, ok := s.queue.pop()
		if !ok || f >= best {
			break
		}
		cost := s.cost[state]
		if f > cost+guess(r.spotAt(state/4)) {
			continue // a better way was found since
		}
		if g := s.goal[state]; g > 0 && cost+g-1 < best {
			best, end = cost+g-1, state
		}
		r.expand(l, state, cost, guess)
	}
	return s.way(end)
}

// offer notes a way to a state if it is the best so far.
func (s *search) offer(state, from, cost, guess int32) {
	if s.stamp[state] == s.run && s.cost[state] <= cost {
		return
	}
	s.stamp[state], s.cost[state], s.from[state] = s.run, cost, from
	s.queue.push(state, cost+guess)
}

// way follows the states back to the start.
func (s *search) way(end int32) []int32 {
	var states []int32
	for k := end; k >= 0; k = s.from[k] {
		states = append(states, k)
	}
	for i, j := 0, len(states)-1; i < j; i, j = i+1, j-1 {
		states[i], states[j] = states[j], states[i]
	}
	return states
}

// expand offers the neighbours of a state: one step on, or a turn on the spot.
func (r *router) expand(l *bundle, state, cost int32, guess func(spot) int32) {
	i, d := state/4, side(state%4)
	at := r.spotAt(i)
	for _, turned := range [2]side{(d + 1) % 4, (d + 3) % 4} {
		c := cost + costBend
		if n := r.other(i, d); n != 0 && n != int32(l.net) {
			c += costForced
		}
		if r.what[i]&(edgeFlat|edgeTall) != 0 {
			c += costForced
		}
		r.search.offer(i*4+int32(turned), state, c, guess(at))
	}
	to := spot{at.x + steps[d].x, at.y + steps[d].y}
	if !r.on(to) {
		return
	}
	j := r.index(to)
	r.search.offer(j*4+int32(d), state, cost+r.step(l, j, d), guess(to))
}

// other is the net that runs across the direction at a spot.
func (r *router) other(i int32, d side) int32 {
	if d.flat() {
		return r.tall[i]
	}
	return r.flat[i]
}

// step is the cost of going on to a spot.
func (r *router) step(l *bundle, i int32, d side) int32 {
	net := int32(l.net)
	same, across := r.flat[i], r.tall[i]
	border := edgeFlat
	if !d.flat() {
		same, across = across, same
		border = edgeTall
	}
	c := int32(costStep)
	switch {
	case same == net:
		c = costShared
	case same != 0:
		c += costForced
	case across != 0 && across != net:
		c += costCross
	}
	w := r.what[i]
	if w&solid != 0 {
		c += 4 * costForced
	}
	if w&border != 0 {
		c += costForced
	}
	if w&shy != 0 && !d.flat() {
		c += costShy
	}
	if in := r.inside[i]; in > 0 && !r.allowed[in-1] {
		c += costForeign
	}
	return c + r.beside(i, d, net)
}

// beside is the cost of running right beside another wire.
func (r *router) beside(i int32, d side, net int32) int32 {
	list, by := r.flat, r.w
	if !d.flat() {
		list, by = r.tall, 1
	}
	c := int32(0)
	for _, j := range [2]int32{i - by, i + by} {
		if j >= 0 && int(j) < len(list) && list[j] != 0 && list[j] != net {
			c += costBeside
		}
	}
	return c
}

// queue is a priority queue of states by cost: costs are small whole numbers, so
// a list per cost is enough. Of equals the last one in comes first, which keeps
// ways straight and the picture the same for the same input.
type queue struct {
	lists [][]int32
	low   int32 // no list below it holds a state
	n     int
}

func (q *queue) reset() {
	for i := range q.lists {
		q.lists[i] = q.lists[i][:0]
	}
	q.low, q.n = 0, 0
}

func (q *queue) push(state, f int32) {
	for int(f) >= len(q.lists) {
		q.lists = append(q.lists, nil)
	}
	q.lists[f] = append(q.lists[f], state)
	q.low = min(q.low, f)
	q.n++
}

func (q *queue) pop() (state, f int32, ok bool) {
	if q.n == 0 {
		return 0, 0, false
	}
	for len(q.lists[q.low]) == 0 {
		q.low++
	}
	list := q.lists[q.low]
	q.lists[q.low] = list[:len(list)-1]
	q.n--
	return list[len(list)-1], q.low, true
}
