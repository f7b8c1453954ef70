// The functions that StarRocks documents (docs/en/sql-reference/sql-functions of its repository),
// by the folders of its documentation, and why some of them are not here.

import StarlingFunctions

/// Lists functions of StarRocks and what became of them.
enum DocumentedFunctions {
    static let families: [(name: String, functions: String)] = [
        (
            "Aggregates",
            """
            any_value approx_count_distinct approx_count_distinct_hll_sketch approx_top_k \
            array_agg array_unique_agg avg bool_or corr count count_if covar_pop covar_samp \
            ds_hll_accumulate ds_hll_combine ds_hll_count_distinct ds_hll_estimate \
            ds_theta_accumulate ds_theta_combine ds_theta_count_distinct ds_theta_estimate \
            group_concat grouping grouping_id hll_raw_agg hll_union hll_union_agg \
            mann_whitney_u_test map_agg max max_by max_n min min_by min_n multi_distinct_count \
            multi_distinct_sum ndv percentile_approx percentile_approx_weighted percentile_cont \
            percentile_disc percentile_disc_lc retention std stddev stddev_pop stddev_samp \
            string_agg sum sum_map var_pop var_samp variance window_funnel
            """
        ),
        (
            "Arrays",
            """
            all_match any_match array_append array_avg array_concat array_contains \
            array_contains_all array_contains_seq array_cum_sum array_difference array_distinct \
            array_filter array_flatten array_generate array_intersect array_join array_length \
            array_map array_max array_min array_position array_remove array_repeat array_slice \
            array_sort array_sortby array_sum array_to_bitmap array_top_n arrays_overlap \
            arrays_zip cardinality element_at none_match reverse unnest
            """
        ),
        (
            "Binary and digests",
            """
            aes_decrypt aes_encrypt base64_decode_binary base64_decode_string blake3 from_base64 \
            from_binary md5 md5sum md5sum_numeric sha2 sm3 to_base64 to_binary
            """
        ),
        (
            "Bits",
            """
            bit_shift_left bit_shift_right bit_shift_right_logical bitand bitnot bitor bitxor
            """
        ),
        (
            "Bitmaps",
            """
            base64_to_bitmap bitmap_agg bitmap_and bitmap_andnot bitmap_contains bitmap_count \
            bitmap_empty bitmap_from_binary bitmap_from_string bitmap_has_any bitmap_hash \
            bitmap_hash64 bitmap_intersect bitmap_max bitmap_min bitmap_or bitmap_remove \
            bitmap_subset_in_range bitmap_subset_limit bitmap_to_array bitmap_to_base64 \
            bitmap_to_binary bitmap_to_string bitmap_union bitmap_union_count bitmap_union_int \
            bitmap_xor intersect_count sub_bitmap subdivide_bitmap to_bitmap unnest_bitmap
            """
        ),
        ("Conditions", "coalesce if ifnull nullif"),
        (
            "Dates and times",
            """
            add_months adddate convert_tz curdate current_timestamp current_timezone curtime date \
            date_add date_diff date_format date_slice date_sub date_trunc datediff day dayname \
            dayofmonth dayofweek dayofweek_iso dayofyear days_add days_diff days_sub from_days \
            from_unixtime from_unixtime_ms hour hour_from_unixtime hours_add hours_diff hours_sub \
            jodatime_format last_day makedate microseconds_add microseconds_sub \
            milliseconds_diff minute minutes_add minutes_diff minutes_sub month monthname \
            months_add months_diff months_sub next_day now previous_day quarter quarters_add \
            quarters_sub sec_to_time second seconds_add seconds_diff seconds_sub str2date \
            str_to_date str_to_jodatime time_format time_slice time_to_sec timediff timestamp \
            timestampadd timestampdiff to_date to_datetime to_datetime_ntz to_days to_iso8601 \
            to_tera_date to_tera_timestamp unix_timestamp utc_time utc_timestamp week week_iso \
            weekday weekofyear weeks_add weeks_diff weeks_sub year years_add years_diff \
            years_sub yearweek
            """
        ),
        ("Hashes", "murmur_hash3_32 xx_hash3_128 xx_hash3_64 xx_hash32 xx_hash64"),
        (
            "JSON",
            """
            get_json_bool get_json_double get_json_int get_json_object get_json_scalar \
            get_json_string is_json_scalar json_array json_contains json_each json_exists \
            json_keys json_length json_object json_pretty json_query json_remove json_set \
            json_string json_update parse_json to_json
            """
        ),
        (
            "Maps and structures",
            """
            cardinality distinct_map_keys element_at map_apply map_concat map_filter \
            map_from_arrays map_from_entries map_keys map_size map_values named_struct row \
            transform_keys transform_values
            """
        ),
        (
            "Math",
            """
            abs acos asin atan atan2 bin cbrt ceil ceiling conv cos cosh cosine_similarity \
            cosine_similarity_norm cot degrees divide e exp floor fmod greatest l2_distance \
            least ln log log10 log2 mod multiply negative pi pmod positive pow power radians \
            rand random round sign sin sinh sqrt square tan tanh truncate
            """
        ),
        (
            "Percentiles and HLL",
            """
            hll_cardinality hll_empty hll_hash percentile_approx_raw percentile_empty \
            percentile_hash percentile_union
            """
        ),
        (
            "Regular expressions",
            "regexp regexp_count regexp_extract regexp_extract_all regexp_replace regexp_split"
        ),
        (
            "Strings",
            """
            append_trailing_char_if_absent ascii char char_length character_length compress concat \
            concat_ws crc32 ends_with field find_in_set format_bytes hex hex_decode_binary \
            hex_decode_string inet_aton initcap instr lcase left length locate lower lower_utf8 \
            lpad ltrim money_format ngram_search ngram_search_case_insensitive null_or_empty \
            parse_url repeat replace right rpad rtrim space split split_part starts_with \
            str_to_map strcmp strleft strpos strright substring substring_index tokenize \
            translate trim ucase uncompress unhex upper upper_utf8 url_decode url_encode \
            url_extract_host url_extract_parameter
            """
        ),
        ("Tables", "files generate_series native_query"),
        (
            "Utilities",
            """
            ai_query assert_true bar catalog column_compressed_size column_size connection_id \
            current_role current_version current_warehouse database encode_sort_key \
            equiwidth_bucket get_query_profile host_name http_request is_role_in_session isnotnull \
            isnull last_query_id materialize raise_error sleep user uuid uuid_numeric uuid_v7 \
            uuid_v7_numeric version
            """
        ),
    ]

    /// Functions that are not to come, with the reasons.
    static let absent: [String: String] = [
        "aes_decrypt": "keys have no place in statements that are kept",
        "aes_encrypt": "keys have no place in statements that are kept",
        "ai_query": "needs a service",
        "column_compressed_size": "tells of StarRocks' own storage",
        "column_size": "tells of StarRocks' own storage",
        "current_warehouse": "there are no warehouses",
        "get_query_profile": "EXPLAIN ANALYZE has it",
        "host_name": "there is no server",
        "http_request": "statements reach no network",
        "is_role_in_session": "there are no roles",
        "last_query_id": "statements have no numbers",
        "native_query": "needs a catalog of another server",
        "sleep": "would hold a worker",
    ]

    /// Functions that are written as syntax or as tables, and so have no row.
    static let withoutRow: Set<String> = [
        "catalog", "connection_id", "current_role", "current_version", "database", "files",
        "generate_series", "grouping", "grouping_id", "json_each", "multi_distinct_count",
        "multi_distinct_sum", "subdivide_bitmap", "timestampadd", "unnest", "unnest_bitmap", "user",
        "version",
    ]

    static func isPresent(_ name: String) -> Bool {
        let registry = FunctionRegistry.builtin
        return withoutRow.contains(name) || registry.scalar(name) != nil
            || registry.aggregate(name) != nil || registry.window(name) != nil
    }

    static func page() -> String {
        var lines: [String] = []
        var (known, present, excused) = (0, 0, 0)
        for family in families {
            let names = family.functions.split(separator: " ").map(String.init)
            known += names.count
            let here = names.filter { isPresent($0) }
            present += here.count
            excused += names.filter { !isPresent($0) && absent[$0] != nil }.count
            lines += ["", "## \(family.name)", ""]
            lines.append("Present: " + here.map { "`\($0)`" }.joined(separator: ", ") + ".")
            let missing = names.filter { !isPresent($0) }
            if !missing.isEmpty { lines += [""] }
            for name in missing { lines.append("- `\(name)`: \(absent[name] ?? "not yet")") }
        }
        let head = """
            # StarRocks' functions

            The functions that StarRocks documents, and which of them Starling has: \(present) of \
            \(known); \(excused) others are absent for a reason. A test writes this page from the
            functions that there are, as it does `functions.md`.

            """
        return head + lines.joined(separator: "\n") + "\n"
    }
}
