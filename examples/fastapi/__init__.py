"""An integrator's program in FastAPI, and its tests with privnum's pytest fixture."""
