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
            ds_hll_accumulate ds_hll_combine ds_hll_count_distinct ds_hll_estimate ds_frequent \
            ds_quantile ds_theta_a_not_b ds_theta_accumulate ds_theta_combine \
            ds_theta_count_distinct ds_theta_estimate ds_theta_intersect \
            ds_theta_intersect_cond_agg ds_theta_union group_concat grouping grouping_id \
            hll_raw_agg hll_union hll_union_agg mann_whitney_u_test map_agg max max_by max_n min \
            min_by min_n multi_distinct_count multi_distinct_sum ndv ols percentile_approx \
            percentile_approx_weighted percentile_cont percentile_disc percentile_disc_lc \
            retention std stddev stddev_pop stddev_samp string_agg sum sum_map ttest_1samp \
            var_pop var_samp variance window_funnel
            """
        ),
        (
            "Arrays",
            """
            all_match any_match array_append array_avg array_concat array_contains \
            array_contains_all array_contains_seq array_cum_sum array_difference array_distinct \
            array_filter array_flatten array_generate array_intersect array_join array_length \
            array_map array_max array_min array_position array_remove array_repeat array_slice \
            array_sort array_sortby array_sortby_multi array_sum array_to_bitmap array_top_n \
            arrays_overlap arrays_zip cardinality element_at none_match reverse unnest zip
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
            add_months adddate convert_interval convert_tz curdate current_timestamp \
            current_timezone curtime date date_add date_diff date_floor date_format date_slice \
            date_sub date_trunc datediff day dayname dayofmonth dayofweek dayofweek_iso \
            dayofyear days_add days_diff days_sub from_days from_iso8601_date from_unixtime \
            from_unixtime_milliseconds from_unixtime_ms hour hour_from_unixtime hours_add \
            hours_diff hours_sub jodatime_format last_day makedate microseconds_add \
            microseconds_sub milliseconds_diff minute minutes_add minutes_diff minutes_sub month \
            monthname months_add months_diff months_sub next_day now previous_day quarter \
            quarters_add quarters_sub sec_to_time second seconds_add seconds_diff seconds_sub \
            str2date str_to_date str_to_jodatime time_format time_slice time_to_sec timediff \
            timestamp timestampadd timestampdiff to_date to_datetime to_datetime_ntz to_days \
            to_iso8601 to_tera_date to_tera_timestamp to_unixtime_milliseconds unix_timestamp \
            unixtime_to_datetime unixtime_to_datetime_ntz utc_time utc_timestamp week week_iso \
            weekday weekofyear weeks_add weeks_diff weeks_sub year years_add years_diff \
            years_sub yearweek
            """
        ),
        ("Dictionaries", "dict_mapping dictionary_get lookup_string"),
        ("Hashes", "murmur_hash3_32 xx_hash3_128 xx_hash3_32 xx_hash3_64 xx_hash32 xx_hash64"),
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
            cosine_similarity_norm cot degrees divide e exp floor fmod greatest is_nan \
            l2_distance least ln log log10 log2 mod multiply negative pi pmod positive pow power \
            radians rand random round sign sin sinh sqrt square tan tanh truncate width_bucket
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
            append_trailing_char_if_absent ascii char char_length character_length compress \
            concat concat_ws crc32 ends_with field find_in_set format format_bytes hex \
            hex_decode_binary hex_decode_string inet_aton initcap instr lcase left length locate \
            lower lower_utf8 lpad ltrim money_format ngram_search ngram_search_case_insensitive \
            null_or_empty parse_url repeat replace right rpad rtrim search space split \
            split_part starts_with str_to_map strcmp strleft strpos strright substring \
            substring_index tokenize translate trim ucase uncompress unhex upper upper_utf8 \
            url_decode url_encode url_extract_host url_extract_parameter
            """
        ),
        ("Tables", "files generate_series native_query"),
        (
            "Utilities",
            """
            assert_true bar catalog column_compressed_size column_size connection_id \
            current_role current_version current_warehouse database encode_sort_key \
            equiwidth_bucket get_query_profile host_name http_request index_size \
            is_role_in_session isnotnull isnull last_query_id materialize raise_error sleep user \
            uuid uuid_numeric uuid_v7 uuid_v7_numeric version
            """
        ),
        (
            "Variants",
            """
            get_variant_bool get_variant_double get_variant_int get_variant_string \
            is_variant_null variant_query variant_typeof
            """
        ),
        (
            "Windows",
            """
            cume_dist dense_rank first_value lag last_value lead ntile percent_rank rank \
            row_number session_number
            """
        ),
    ]

    /// Families of which there is nothing, and which are counted apart.
    static let leftOut: [(name: String, reason: String, functions: String)] = [
        (
            "Geospatial", "there are no geometries yet",
            """
            geotoh3 geotomgrs h3cellaream2 h3cellarearads2 h3distance h3edgeangle h3edgelengthkm \
            h3edgelengthm h3exactedgelengthkm h3exactedgelengthm h3exactedgelengthrads \
            h3getbasecell h3getdestinationindexfromunidirectionaledge h3getfaces \
            h3getoriginindexfromunidirectionaledge h3getpentagonindexes h3getres0indexes \
            h3getresolution h3getunidirectionaledge h3getunidirectionaledgesfromhexagon \
            h3hexareakm2 h3hexaream2 h3hexring h3indexesareneighbors h3ispentagon \
            h3isresclassiii h3isvalid h3kring h3line h3numhexagons h3pointdistkm h3pointdistm \
            h3pointdistrads h3tocenterchild h3tochildren h3togeolat h3togeolong h3toparent \
            h3tostring h3unidirectionaledgeisvalid mgrstolat mgrstolng st_area st_asbinary \
            st_astext st_buffer st_centroid st_circle st_contains st_coveragesimplify \
            st_coveredby st_covers st_difference st_distance st_distance_sphere st_dwithin \
            st_geogfromtext st_geogfromwkb st_geometryfromtext st_geometryfromwkb \
            st_geometrytype st_geomfromwkb st_intersection st_intersects st_isvalid st_length \
            st_linefromtext st_perimeter st_point st_polygon st_setsrid \
            st_simplifypreservetopology st_srid st_symdifference st_transform st_union st_within \
            st_x st_y stringtoh3
            """
        ),
        ("Language models", "they need a service", "ai_complete ai_embed ai_query"),
        (
            "Inspection of the front end", "they show the memory and the plans of a server",
            """
            get_query_dump get_query_dump_from_query_id inspect_all_pipes inspect_hive_part_info \
            inspect_memory inspect_memory_detail inspect_mv_meta inspect_mv_plan \
            inspect_mv_refresh_info inspect_mv_relationships inspect_related_mv \
            inspect_table_partition_info inspect_task_runs
            """
        ),
    ]

    /// Functions that are not to come, with the reasons.
    static let absent: [String: String] = [
        "aes_decrypt": "keys have no place in statements that are kept",
        "aes_encrypt": "keys have no place in statements that are kept",
        "column_compressed_size": "sizes are told of tables and partitions, not of columns",
        "column_size": "sizes are told of tables and partitions, not of columns",
        "dictionary_get": "there are no dictionaries beside tables; `dict_mapping` reads those",
        "ds_frequent": "its sketches are another library's; `approx_top_k` answers the question",
        "ds_quantile": "its sketches are another library's; `percentile_approx` answers it",
        "get_query_profile": "EXPLAIN ANALYZE has it",
        "http_request": "statements reach no network",
        "index_size": "sizes are told of tables and partitions, not of indexes",
        "last_query_id": "statements have no numbers",
        "native_query": "needs a catalog of another server",
        "ols": "of the newest version, not yet",
        "ttest_1samp": "of the newest version, not yet",
    ]

    static func isPresent(_ name: String) -> Bool { FunctionRegistry.builtin.contains(name) }

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
        for family in leftOut {
            let names = family.functions.split(separator: " ").map { "`\($0)`" }
            lines += ["", "## \(family.name)", ""]
            lines.append(
                "None of \(names.count): \(family.reason). " + names.joined(separator: ", ") + ".")
        }
        let outside = leftOut.reduce(0) { $0 + $1.functions.split(separator: " ").count }
        let share = Double(present * 1_000 / known) / 10
        let head = """
            # StarRocks' functions

            The functions that StarRocks documents, and which of them Starling has: \(present) of \
            \(known), which is \(share) %; \(excused) others are absent for a reason. The \
            \(outside) functions of the last families, which Starling leaves out as a whole, are \
            not among them. A test writes this page from the
            functions that there are, as it does `functions.md`.

            """
        return head + lines.joined(separator: "\n") + "\n"
    }
}
