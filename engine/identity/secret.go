package identity

import (
	"context"
	"sort"

	"tenon/engine/store"
	"tenon/schema/fault"
)

// ErrSecret is a stored secret that does not exist.
var ErrSecret = fault.Define(fault.NotFound, "secret.not_found", "没有名为“{name}”的密钥", "there is no secret called \"{name}\"")

// Secrets are named texts that rules use and nobody reads back: signing keys
// of robots, tokens of other systems. They are sealed in the workspace's settings.
const secretsSetting = "secrets"

// SecretNames lists which secrets a workspace keeps.
func SecretNames(w Workspace) ([]string, error) {
	var m map[string]string
	if _, err := Setting(w, secretsSetting, &m); err != nil {
		return nil, err
	}
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out, nil
}

// PutSecret keeps a secret under a name; "" removes it.
func (s *Service) PutSecret(ctx context.Context, by AuditActor, workspaceID, name, text string, from Origin) error {
	if !keyShape.MatchString(name) {
		return ErrKeyName.At("name").With("key", name)
	}
	w, ok, err := store.First[Workspace](s.DB.Cold(ctx), store.Match{"id": workspaceID})
	if err != nil || !ok {
		return err
	}
	m := map[string]string{}
	if _, err := Setting(w, secretsSetting, &m); err != nil {
		return err
	}
	if text == "" {
		if m[name] == "" {
			return ErrSecret.With("name", name)
		}
		delete(m, name)
	} else if m[name], err = s.Box.Seal("secret:"+name, text); err != nil {
		return err
	}
	_, err = s.UpdateWorkspace(ctx, by, workspaceID, WorkspaceChange{Settings: map[string]any{secretsSetting: m}}, from)
	return err
}

// Secret opens a stored secret.
func (s *Service) Secret(ctx context.Context, workspaceID, name string) (string, error) {
	w, err := s.Workspace(ctx, workspaceID)
	if err != nil {
		return "", err
	}
	m := map[string]string{}
	if _, err := Setting(w, secretsSetting, &m); err != nil {
		return "", err
	}
	if m[name] == "" {
		return "", ErrSecret.With("name", name)
	}
	return s.Box.Open("secret:"+name, m[name])
}

// SecretsReadable reports an error when a workspace keeps something that this
// installation's key does not open.
func (s *Service) SecretsReadable(w Workspace) error {
	m := map[string]string{}
	if _, err := Setting(w, secretsSetting, &m); err != nil {
		return err
	}
	for name, sealed := range m {
		if _, err := s.Box.Open("secret:"+name, sealed); err != nil {
			return err
		}
	}
	var smtp struct {
		Password string `json:"password"`
	}
	if _, err := Setting(w, "smtp", &smtp); err != nil {
		return err
	}
	_, err := s.Box.Open("smtp", smtp.Password)
	return err
}
