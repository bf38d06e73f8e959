"""`python -m traincost_cli`."""

from traincost_cli.main import main

raise SystemExit(main())
