package transfer

// PathOf tells tests where a source's content is.
func PathOf(s *Source) string { return s.path }
