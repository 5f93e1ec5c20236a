"""The API: everything the desk can do, for programs. A thin room: it reads requests, calls the jobs, writes JSON."""
