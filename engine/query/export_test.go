package query

// SQLNames are the names in the tables of functions.
func SQLNames() []string {
	var out []string
	for name := range functionSQL {
		out = append(out, name)
	}
	for name := range comparisons {
		out = append(out, name)
	}
	return out
}
