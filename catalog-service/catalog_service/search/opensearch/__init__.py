"""The catalogue's searches on an OpenSearch cluster, for who has one or outgrows a folder: port.py as its HTTP API."""
