/*
 * layout.c: the binary contract as assertions. A change that fails to compile here breaks every plugin that exists.
 *
 * Sizes of growing structs may grow, by new members at the end; every offset, and the size of array elements, is final
 * since 1.0 (Tests/ABIBaseline keeps what 1.0 was). Written in C99, so each assertion is a type whose array size would be negative.
 */
#include <evalhost/ext/assets.h>
#include <evalhost/ext/draft/batch.h>
#include <evalhost/ext/judge.h>
#include <evalhost/ext/log.h>
#include <evalhost/ext/session.h>
#include <evalhost/scorer.h>

#define GLUE_(a, b) a##b
#define GLUE(a, b) GLUE_(a, b)
#define ASSERT(condition) extern char GLUE(layout_assertion_, __LINE__)[(condition) ? 1 : -1]
#define SIZE(type, size) ASSERT(sizeof(type) == (size))
#define AT(type, member, offset) ASSERT(offsetof(type, member) == (offset))

SIZE(void *, 8);
SIZE(double, 8);
ASSERT(EVALHOST_ABI_VERSION == ((EVALHOST_VERSION_MAJOR << 16) | EVALHOST_VERSION_MINOR));

SIZE(evalhost_text, 16);
AT(evalhost_text, size, 8);

SIZE(evalhost_field, 64);
AT(evalhost_field, text, 8);
AT(evalhost_field, integer, 24);
AT(evalhost_field, number, 32);
AT(evalhost_field, items, 40);
AT(evalhost_field, count, 48);

SIZE(evalhost_span, 160);
AT(evalhost_span, type, 16);
AT(evalhost_span, parent, 32);
AT(evalhost_span, status, 36);
AT(evalhost_span, start_ns, 40);
AT(evalhost_span, end_ns, 48);
AT(evalhost_span, name, 56);
AT(evalhost_span, inputs, 72);
AT(evalhost_span, outputs, 88);
AT(evalhost_span, attributes, 104);
AT(evalhost_span, events, 120);

SIZE(evalhost_record, 40);
AT(evalhost_record, field_count, 4);
AT(evalhost_record, fields, 8);
AT(evalhost_record, id, 16);
AT(evalhost_record, host, 32);

SIZE(evalhost_value, 88);
AT(evalhost_value, kind, 4);
AT(evalhost_value, integer, 8);
AT(evalhost_value, number, 16);
AT(evalhost_value, text, 24);
AT(evalhost_value, rationale, 40);
AT(evalhost_value, metadata, 56);
AT(evalhost_value, span_id, 72);

SIZE(evalhost_sink_table, 40);
AT(evalhost_sink_table, put_number, 8);
AT(evalhost_sink_table, put_integer, 16);
AT(evalhost_sink_table, put_value, 24);
AT(evalhost_sink_table, put_message, 32);

SIZE(evalhost_sink, 40);
AT(evalhost_sink, table, 8);
AT(evalhost_sink, host, 16);
AT(evalhost_sink, host_words, 24);

SIZE(evalhost_host, 32);
AT(evalhost_host, abi_version, 4);
AT(evalhost_host, version, 8);
AT(evalhost_host, extension, 16);
AT(evalhost_host, opaque, 24);

SIZE(evalhost_setup, 80);
AT(evalhost_setup, setting_count, 4);
AT(evalhost_setup, scorer, 8);
AT(evalhost_setup, settings, 16);
AT(evalhost_setup, json, 24);
AT(evalhost_setup, instance, 40);
AT(evalhost_setup, host, 56);
AT(evalhost_setup, reject, 64);
AT(evalhost_setup, opaque, 72);

SIZE(evalhost_value_type, 48);
AT(evalhost_value_type, minimum, 8);
AT(evalhost_value_type, maximum, 16);
AT(evalhost_value_type, labels, 24);
AT(evalhost_value_type, label_count, 32);

SIZE(evalhost_feedback, 128);
AT(evalhost_feedback, value, 16);
AT(evalhost_feedback, unit, 64);
AT(evalhost_feedback, pass, 72);
AT(evalhost_feedback, aggregations, 80);
AT(evalhost_feedback, direction, 88);

SIZE(evalhost_setting, 96);
AT(evalhost_setting, kind, 8);
AT(evalhost_setting, default_value, 16);
AT(evalhost_setting, help, 24);
AT(evalhost_setting, minimum, 32);
AT(evalhost_setting, maximum, 40);
AT(evalhost_setting, choices, 48);
AT(evalhost_setting, choice_count, 56);

SIZE(evalhost_scorer, 168);
AT(evalhost_scorer, name, 8);
AT(evalhost_scorer, help, 16);
AT(evalhost_scorer, reads, 24);
AT(evalhost_scorer, value, 32);
AT(evalhost_scorer, unit, 80);
AT(evalhost_scorer, pass, 88);
AT(evalhost_scorer, aggregations, 96);
AT(evalhost_scorer, direction, 104);
AT(evalhost_scorer, setting_count, 108);
AT(evalhost_scorer, settings, 112);
AT(evalhost_scorer, feedbacks, 120);
AT(evalhost_scorer, feedback_count, 128);
AT(evalhost_scorer, create, 136);
AT(evalhost_scorer, score, 144);
AT(evalhost_scorer, destroy, 152);
AT(evalhost_scorer, extension, 160);

SIZE(evalhost_permission, 32);
AT(evalhost_permission, reason, 8);
AT(evalhost_permission, reserved, 16);

SIZE(evalhost_plugin, 80);
AT(evalhost_plugin, abi_version, 4);
AT(evalhost_plugin, name, 8);
AT(evalhost_plugin, version, 16);
AT(evalhost_plugin, author, 24);
AT(evalhost_plugin, licence, 32);
AT(evalhost_plugin, problem, 40);
AT(evalhost_plugin, scorers, 48);
AT(evalhost_plugin, scorer_count, 56);
AT(evalhost_plugin, permissions, 64);
AT(evalhost_plugin, permission_count, 72);

SIZE(evalhost_message, 64);
AT(evalhost_message, content, 16);
AT(evalhost_message, reserved, 32);

SIZE(evalhost_judge_request, 40);
AT(evalhost_judge_request, message_count, 4);
AT(evalhost_judge_request, messages, 8);
AT(evalhost_judge_request, schema, 16);
AT(evalhost_judge_request, sample, 32);

SIZE(evalhost_judge_reply, 80);
AT(evalhost_judge_reply, from_cache, 4);
AT(evalhost_judge_reply, reply, 8);
AT(evalhost_judge_reply, model, 24);
AT(evalhost_judge_reply, error, 40);
AT(evalhost_judge_reply, input_tokens, 56);
AT(evalhost_judge_reply, output_tokens, 64);
AT(evalhost_judge_reply, cost_usd, 72);

SIZE(evalhost_judge, 32);
AT(evalhost_judge, model, 8);
AT(evalhost_judge, ask, 24);

SIZE(evalhost_session, 40);
AT(evalhost_session, turn_count, 4);
AT(evalhost_session, id, 8);
AT(evalhost_session, turns, 24);
AT(evalhost_session, start_ns, 32);

SIZE(evalhost_session_scorer, 16);
AT(evalhost_session_scorer, score_session, 8);

SIZE(evalhost_log, 16);
AT(evalhost_log, minimum_level, 4);
AT(evalhost_log, write, 8);

SIZE(evalhost_assets, 16);
AT(evalhost_assets, find, 8);
