"""How well product search ranks: judged queries over two catalogues, written without a look at the engine."""
