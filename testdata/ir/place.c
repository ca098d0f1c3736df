/* Sections: pragmas, declspecs, macros, push and pop, inactive regions. */
#define PAGED_FUNCTION __declspec(code_seg("PAGEMACRO"))
#define BEGIN_PAGED __pragma(code_seg("PAGEBEGIN"))
#define END_PAGED __pragma(code_seg())
#define SECTION_NAME "PAGENAME"

void Quoted(void), Unquoted(void), Init(void), Twice(void), Inactive(void);

#pragma alloc_text("PAGE", Quoted)
#ifdef NOT_DEFINED
#pragma alloc_text(PAGE, Inactive)
#endif
/* #pragma alloc_text(PAGEWRONG, Unquoted) */
#pragma alloc_text(PAGE, Unquoted, Twice)
#pragma alloc_text(INIT, Init)
#pragma alloc_text(PAGELATER, Twice)

void Quoted(void) {
}
void Unquoted(void) {
}
void Init(void) {
}
void Twice(void) {
}
void Inactive(void) {
}

#pragma code_seg("PAGE1")
void In_page1(void) {
}
#pragma code_seg(push, label, "PAGE2")
void In_page2(void) {
}
#if 0
#pragma code_seg()
#endif
void Still_in_page2(void) {
}
#pragma code_seg(pop, label)
void Again_in_page1(void) {
}
#pragma code_seg()
void Resident(void) {
}

BEGIN_PAGED
void By_macro(void) {
}
END_PAGED

#pragma code_seg(SECTION_NAME)
void By_named_section(void) {
}
#pragma code_seg()

PAGED_FUNCTION void By_declspec(void) {
}

#pragma data_seg("PAGEDATA")
int Paged = 1;
#pragma data_seg()
int Normal = 2;
__declspec(allocate("PAGECONST")) const int Allocated = 3;
