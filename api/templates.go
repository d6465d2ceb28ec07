package api

import (
	"context"

	"tenon/schema"
	"tenon/templates"
)

type templateBody struct {
	templates.Manifest
	Entities   int         `json:"entities"`
	Rules      int         `json:"rules"`
	Dashboards int         `json:"dashboards"`
	App        *schema.App `json:"app,omitempty"`
	Readme     string      `json:"readme,omitempty"`
}

func templateOf(name string, whole bool) (templateBody, error) {
	t, err := templates.Open(name)
	if err != nil {
		return templateBody{}, err
	}
	b := templateBody{Manifest: t.Manifest, Entities: len(t.App.Entities), Rules: len(t.App.Rules), Dashboards: len(t.App.Dashboards)}
	if whole {
		b.App, b.Readme = t.App, t.Guide
	}
	return b, nil
}

// templateRoutes show and install the apps that come with the product.
func (s *Server) templateRoutes() {
	const tag = "templates"
	Handle(s, "GET", "/api/v1/templates", Doc{Who: Known, Tag: tag, Summary: "Templates that come with the product"},
		func(context.Context, *Call, struct{}) (list[templateBody], error) {
			out := list[templateBody]{Items: []templateBody{}}
			for _, m := range templates.List() {
				b, err := templateOf(m.Name, false)
				if err != nil {
					return out, err
				}
				out.Items = append(out.Items, b)
			}
			return out, nil
		})
	Handle(s, "GET", "/api/v1/templates/{name}", Doc{Who: Known, Tag: tag, Summary: "One template with everything in it"},
		func(_ context.Context, _ *Call, in struct {
			Name string `path:"name"`
		}) (templateBody, error) {
			return templateOf(in.Name, true)
		})
}

// transferRoutes move records and apps in and out.
func (s *Server) transferRoutes() {}
