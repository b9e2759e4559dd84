// The calls of libyaml that this package makes; a call that is missing here would link the library after all.
#define _GNU_SOURCE
#include <yaml.h>

#define LIBRARY "libyaml-0.so.2"
#define LOAD clazy_load_yaml
#include "lazy.h"

LAZY_VOID(yaml_event_delete, (yaml_event_t *a), (a))
LAZY_VOID(yaml_parser_delete, (yaml_parser_t *a), (a))
LAZY(int, yaml_parser_initialize, (yaml_parser_t *a), (a))
LAZY(int, yaml_parser_parse, (yaml_parser_t *a, yaml_event_t *b), (a, b))
LAZY_VOID(yaml_parser_set_encoding, (yaml_parser_t *a, yaml_encoding_t b), (a, b))
LAZY_VOID(yaml_parser_set_input_string, (yaml_parser_t *a, const unsigned char *b, size_t c), (a, b, c))
