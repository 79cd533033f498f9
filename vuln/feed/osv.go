package feed

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"time"

	"theriac/vuln"
)

// maxOSV bounds an OSV document, in bytes. The largest that are published, of kernels
// with all their packages, have about 10 MB.
const maxOSV = 32 << 20

// decoders is how many documents are decoded at a time.
const decoders = 2

// osvJob is a document on its way from the archive to the receiver.
type osvJob struct {
	name   string
	data   []byte
	err    error // of reading it
	record *vuln.Record
	lost   []string
	done   chan struct{}
}

// OSV reads records of the OSV schema: single JSON files in folders and archives, for
// example an export with <ecosystem>/all.zip. Documents are decoded side by side, and
// handed over in the order in which they were found. What says of no package that it
// is vulnerable is handed over as well: it may withdraw what an older copy said.
func OSV(ctx context.Context, path string, emit func(*vuln.Record) error) (Stats, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var walked, stats Stats
	work := make(chan *osvJob, 4*decoders)
	order := make(chan *osvJob, 32*decoders)
	for range decoders {
		go func() {
			for job := range work {
				job.decode()
			}
		}()
	}
	ended := make(chan error, 1)
	go func() {
		defer close(order)
		defer close(work)
		ended <- walk(ctx, path, &walked, []string{".json"}, func(name string, r io.Reader) error {
			job := &osvJob{name: name, done: make(chan struct{})}
			if job.data, job.err = readOSV(r); ctx.Err() != nil {
				return ctx.Err()
			}
			return enqueue(ctx, job, work, order) // in this order: who waits knows that it will be decoded
		})
	}()
	err := collectOSV(order, &stats, emit)
	if err != nil {
		cancel()
		for range order { // the walk ends soon, and closes it
		}
	}
	walkErr := <-ended
	stats.add(&walked)
	return stats, errors.Join(err, dropCancelled(walkErr, err))
}

// dropCancelled is the error of a walk, but for the one that ending it early made.
func dropCancelled(walk, receiver error) error {
	if receiver != nil && errors.Is(walk, context.Canceled) {
		return nil
	}
	return walk
}

// enqueue hands a document to whoever decodes it and to whoever waits for it.
func enqueue(ctx context.Context, job *osvJob, queues ...chan *osvJob) error {
	for _, q := range queues {
		select {
		case q <- job:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// readOSV reads a document of bounded size.
func readOSV(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxOSV+1))
	if err == nil && len(data) > maxOSV {
		err = errLarge
	}
	return data, err
}

func (j *osvJob) decode() {
	defer close(j.done)
	if j.err != nil {
		return
	}
	document, lost, err := parseOSV(j.data)
	j.data, j.lost, j.err = nil, lost, err
	if err == nil {
		j.record = osvRecord(document)
		j.lost = append(j.lost, osvUnplaced(document)...)
	}
}

// collectOSV hands over what was decoded, in order.
func collectOSV(order <-chan *osvJob, stats *Stats, emit func(*vuln.Record) error) error {
	changes := days{}
	defer func() { stats.seen(changes.newest(stats.Records)) }()
	for job := range order {
		<-job.done
		for _, why := range job.lost {
			stats.lost(job.name, why)
		}
		if job.err != nil {
			stats.lost(job.name, osvReason(job.err))
			continue
		}
		r := job.record
		changes.add(newest(r))
		stats.Records++
		if err := emit(r); err != nil {
			return err
		}
	}
	return nil
}

// newest is the latest day that a record tells of itself. Some databases say when
// it was published, and not when it was last changed.
func newest(r *vuln.Record) time.Time {
	latest := r.Modified
	for _, t := range []time.Time{r.Published, r.Withdrawn} {
		if t.After(latest) {
			latest = t
		}
	}
	return latest
}

// days counts records by the day on which they were last changed.
type days map[string]changed

type changed struct {
	records int
	latest  time.Time
}

func (d days) add(t time.Time) {
	if t.IsZero() {
		return
	}
	key := t.UTC().Format(time.DateOnly)
	one := d[key]
	one.records++
	if t.After(one.latest) {
		one.latest = t
	}
	d[key] = one
}

// newest is the date of the newest of so many records, but for one in a thousand: real
// exports hold a few records that are dated years ahead, and data must not look fresh
// for the sake of those.
func (d days) newest(records int) time.Time {
	left := records / 1000
	for _, key := range slices.Backward(slices.Sorted(maps.Keys(d))) {
		if left -= d[key].records; left < 0 {
			return d[key].latest
		}
	}
	return time.Time{}
}

// osvReason is why a document was not read, as many share it.
func osvReason(err error) string {
	if known := reason(err); known != reasonCut {
		return known
	}
	if errors.Is(err, errNoID) || errors.Is(err, errNoObject) {
		return err.Error()
	}
	return reasonCut
}
