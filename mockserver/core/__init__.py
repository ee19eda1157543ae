"""The core: worlds, applications, bindings, authentication and the request pipeline. No I/O."""
