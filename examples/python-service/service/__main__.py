from service.server import make_server

make_server("0.0.0.0", 8000).serve_forever()
