// Package install puts whole apps in and takes them out: a template with its
// first records and sample data, the removal of samples and of apps, and apps
// as files.
//
// What it writes has ids that follow from the app and from the name a thing
// has in the template, so that a load that was interrupted goes on where it
// stopped. Loading goes through record.Session like every other write, without
// rules; only taking sample data out works on tables at once.
//
// The package never decides who may install what; its callers have asked.
package install

import (
	"context"
	"errors"
	"strconv"

	"tenon/engine"
	"tenon/engine/access"
	"tenon/engine/definition"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
	"tenon/templates/sample"
)

// Options say how an app is put into a workspace.
type Options struct {
	// Key of the app; blank takes the template's, with a number where it is taken.
	Key   string
	Name  schema.Text // blank: the template's
	Light bool        // starts with the short menu
}

// Progress is told how far a long piece of work has come. It stops the work by
// returning true; what is done by then stays.
type Progress func(done, total int) (stop bool, err error)

// Faults of installing.
var (
	ErrNoApp    = fault.Define(fault.NotFound, "install.no_app", "应用不存在", "there is no such app")
	ErrNoRecord = fault.Define(fault.Internal, "install.reference", "模板数据引用了不存在的记录 {entity}/{id}", "the template's data refer to {entity}/{id}, which is not there")
	ErrFile     = fault.Define(fault.Invalid, "install.file", "这不是应用导出文件：{detail}", "this is not an exported app: {detail}")
)

// Install makes an app of a definition whose documents may refer to each other
// by key, publishes it, and loads the records that it needs from the first day
// (seed may be nil). The actor becomes an administrator of the app. On an error
// nothing of it stays.
func Install(ctx context.Context, e *engine.Engine, actor *access.Actor, workspaceID string, app *schema.App, seed *sample.Data, o Options) (appID string, err error) {
	if appID, err = create(ctx, e, actor, workspaceID, app, o); err != nil {
		return "", err
	}
	if seed != nil {
		_, err = load(ctx, e, actor, appID, seed, false, nil)
	}
	if err != nil {
		return "", abandon(ctx, e, appID, err)
	}
	return appID, nil
}

// abandon removes what a failed installation has left and returns its error.
func abandon(ctx context.Context, e *engine.Engine, appID string, err error) error {
	if uerr := Uninstall(context.WithoutCancel(ctx), e, appID); uerr != nil && fault.CodeOf(uerr) != ErrNoApp.Code {
		return errors.Join(err, uerr)
	}
	return err
}

// create makes and publishes the app.
func create(ctx context.Context, e *engine.Engine, actor *access.Actor, workspaceID string, app *schema.App, o Options) (string, error) {
	// Ids that the template leaves out follow from its own keys, whatever the
	// app is called here: they stay the same through installs and upgrades.
	schema.Normalize(app)
	if !o.Name.Empty() {
		app.Info.Name = o.Name
	}
	key, fixed := o.Key, o.Key != ""
	if !fixed {
		key = app.Info.Key
	}
	var appID string
	for try := 2; ; try++ {
		var err error
		appID, err = e.Defs.CreateApp(ctx, workspaceID, actor.ID, key, app.Info.Name, app.Info.Icon, app.Info.Hue)
		if !fixed && try < 100 && fault.CodeOf(err) == definition.ErrKeyTaken.Code {
			key = app.Info.Key + "_" + strconv.Itoa(try)
			continue
		}
		if err != nil {
			return "", err
		}
		break
	}
	if err := fill(ctx, e, actor, appID, app, o); err != nil {
		return "", abandon(ctx, e, appID, err)
	}
	return appID, nil
}

func fill(ctx context.Context, e *engine.Engine, actor *access.Actor, appID string, app *schema.App, o Options) error {
	set := store.Set{"light": o.Light}
	if app.Info.Origin != nil {
		set["template"] = app.Info.Origin.Template
	}
	cold := e.DB.Cold(ctx)
	if _, err := store.Change[store.App](cold, store.Match{"id": appID}, set); err != nil {
		return err
	}
	if err := e.Defs.ImportDraft(ctx, appID, actor.ID, app); err != nil {
		return err
	}
	if _, err := e.Defs.Publish(ctx, appID, actor.ID, nil, "", ""); err != nil {
		return err
	}
	if actor.Member == "" {
		return nil
	}
	var roles []store.MemberRole
	for _, r := range app.Roles {
		if r.Admin {
			roles = append(roles, store.MemberRole{AppID: appID, MemberID: actor.Member, RoleID: r.ID})
		}
	}
	return store.InsertNew(cold, roles...)
}
