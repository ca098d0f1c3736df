# Writes a C file that holds a text file: cmake -DINPUT=… -DOUTPUT=… -DNAME=… -P embed.cmake
file(READ ${INPUT} text)
string(REPLACE "\\" "\\\\" text "${text}")
string(REPLACE "\"" "\\\"" text "${text}")
string(REPLACE "\n" "\\n\"\n    \"" text "${text}")
get_filename_component(source ${INPUT} NAME)
file(WRITE ${OUTPUT} "/* Made from ${source}. */
extern const char ${NAME}[];
const char ${NAME}[] =
    \"${text}\";
")
