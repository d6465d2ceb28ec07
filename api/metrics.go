package api

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tenon/schema"
)

// metrics are what the server tells Prometheus about itself.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	panics   prometheus.Counter
	streams  prometheus.Gauge
}

func newMetrics(o Options) *metrics {
	m := &metrics{registry: prometheus.NewRegistry()}
	m.requests = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "tenon_http_request_seconds", Help: "Duration of HTTP requests.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}}, []string{"method", "route", "status"})
	m.panics = prometheus.NewCounter(prometheus.CounterOpts{Name: "tenon_panics_total", Help: "Requests that panicked."})
	m.streams = prometheus.NewGauge(prometheus.GaugeOpts{Name: "tenon_event_streams", Help: "Open event streams."})
	open := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "tenon_database_connections", Help: "Open database connections."}, func() float64 {
		n, _ := o.Engine.DB.Stat()
		return float64(n)
	})
	busy := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "tenon_database_connections_busy", Help: "Database connections in use."}, func() float64 {
		_, n := o.Engine.DB.Stat()
		return float64(n)
	})
	info := prometheus.NewGauge(prometheus.GaugeOpts{Name: "tenon_info", Help: "The running version.", ConstLabels: prometheus.Labels{"version": o.Version}})
	info.Set(1)
	m.registry.MustRegister(m.requests, m.panics, m.streams, open, busy, info, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Collect adds what other parts of the program measure.
func (s *Server) Collect(c prometheus.Collector) error { return s.metrics.registry.Register(c) }

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, openAPIPath(route), strconv.Itoa(status)).Observe(took.Seconds())
}

type health struct {
	Status  string `json:"status"`
	Version string `json:"version,omitempty"`
}

// memoryWriter lets Prometheus' handler write into an answer of ours.
type memoryWriter struct {
	bytes.Buffer
	header http.Header
}

func (m *memoryWriter) Header() http.Header { return m.header }
func (m *memoryWriter) WriteHeader(int)     {}

// operationRoutes serve whoever runs the installation.
func (s *Server) operationRoutes() {
	Handle(s, "GET", "/healthz", Doc{Who: Anyone, Tag: "operation", Summary: "The process is alive"},
		func(context.Context, *Call, struct{}) (health, error) { return health{Status: "ok"}, nil })
	Handle(s, "GET", "/readyz", Doc{Who: Anyone, Tag: "operation", Summary: "The server can serve: its database answers", Timeout: 4 * time.Second},
		func(ctx context.Context, _ *Call, _ struct{}) (health, error) {
			if err := s.Engine.DB.Ping(ctx); err != nil {
				return health{}, errDown.New().Because(err)
			}
			if s.Ready != nil {
				if err := s.Ready(ctx); err != nil {
					return health{}, errDown.New().Because(err)
				}
			}
			return health{Status: "ready"}, nil
		})
	Handle(s, "GET", "/metrics", Doc{Who: Operator, Tag: "operation", Summary: "Metrics for Prometheus", Returns: "text/plain"},
		func(_ context.Context, c *Call, _ struct{}) (Raw, error) {
			w := &memoryWriter{header: http.Header{}}
			r := c.Request().Clone(c.Request().Context())
			r.Header.Del("Accept-Encoding")
			promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
			return Raw{Type: w.header.Get("Content-Type"), Body: w.Bytes()}, nil
		})
	Handle(s, "GET", "/api/v1/openapi.json", Doc{Who: Anyone, Tag: "operation", Summary: "This document", Returns: "application/json"},
		func(context.Context, *Call, struct{}) (Raw, error) { return Raw{Body: s.openapi()}, nil })
}

// text makes a localised text of both languages.
func text(zh, en string) schema.Text { return schema.Text{ZH: zh, EN: en} }
