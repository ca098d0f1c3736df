/* scale_driver: writes a driver of about FUNCTIONS functions into FOLDER, for bench/scale.sh.
 *
 * The driver is a sequence of groups of 20 functions, ten groups a file: locks of four kinds behind
 * wrappers, call chains 200 deep, recursion (direct and mutual), constants as arguments (distinct
 * ones, options, flags), tables of 30 and 300 handlers, operations in struct fields, cleanup by
 * goto, switches, work items and DPCs as roots. Everything works on one device structure.
 * Invariant: the same number gives the same text; the text compiles with the model headers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    GROUP_FUNCTIONS = 20,
    FILE_GROUPS = 10,
    CHAIN_FILES = 4, /* files that one call chain runs through */
    WIDE_FILES = 10, /* files whose handlers one wide table holds */
    HANDLERS = 3     /* a group */
};

static const char HEADER[] =
    "#include <ntddk.h>\n"
    "typedef struct NODE { struct NODE *Left; struct NODE *Right; LONG Value; } NODE;\n"
    "typedef struct REQUEST { ULONG Code; ULONG Length; PVOID Buffer; LONG Status; } REQUEST;\n"
    "typedef struct DEVICE {\n"
    "    KSPIN_LOCK Lock; KSPIN_LOCK QueueLock; FAST_MUTEX Mutex; ERESOURCE Resource;\n"
    "    KDPC Dpc; KEVENT Event; PIO_WORKITEM Item; KIRQL SavedIrql; BOOLEAN Held;\n"
    "    NODE *Tree; LONG State; LONG Mode; LONG Level; ULONG Count; ULONG Options[32];\n"
    "    LONG Power; LONG Speed; LONG Width; LONG Depth; LONG Errors; PVOID Buffer;\n"
    "} DEVICE;\n"
    "typedef NTSTATUS HANDLER(DEVICE *device, REQUEST *request);\n"
    "enum { NOT_LOCKED = 1, MAY_WAIT = 2, QUIET = 4 };\n"
    "VOID Note(DEVICE *device, ULONG place);\n"
    "NTSTATUS SetState(DEVICE *device, LONG state, ULONG flags);\n";

static const char DRIVER_HEAD[] =
    "#include \"scale.h\"\n"
    "DRIVER_INITIALIZE DriverEntry;\n"
    "DRIVER_UNLOAD Unload;\n"
    "static DEVICE Device;\n"
    "VOID Note(DEVICE *device, ULONG place)\n{\n"
    "    if (place > device->Count && device->Level > 3)\n"
    "        DbgPrint(\"place %u\\n\", place);\n"
    "    InterlockedIncrement(&device->Errors);\n}\n"
    "NTSTATUS SetState(DEVICE *device, LONG state, ULONG flags)\n{\n"
    "    KIRQL irql = 0;\n"
    "    if (flags & NOT_LOCKED)\n        KeAcquireSpinLock(&device->Lock, &irql);\n"
    "    if (state == 1)\n        device->Power = state;\n"
    "    else if (state < 8)\n        device->Mode = state;\n"
    "    device->State = state;\n"
    "    if (flags & NOT_LOCKED)\n        KeReleaseSpinLock(&device->Lock, irql);\n"
    "    if (flags & MAY_WAIT)\n"
    "        KeWaitForSingleObject(&device->Event, Executive, KernelMode, FALSE, NULL);\n"
    "    return STATUS_SUCCESS;\n}\n"
    "VOID Unload(PDRIVER_OBJECT driver)\n{\n"
    "    UNREFERENCED_PARAMETER(driver);\n    SetState(&Device, 0, NOT_LOCKED | MAY_WAIT);\n}\n";

/* Wrappers of locks, by the group's number. */
static const char *const LOCKS[] = {
    "static VOID Lock@(DEVICE *device, KIRQL *irql)\n{\n"
    "    KeAcquireSpinLock(&device->Lock, irql);\n    device->Held = TRUE;\n}\n"
    "static VOID Unlock@(DEVICE *device, KIRQL irql)\n{\n"
    "    device->Held = FALSE;\n    KeReleaseSpinLock(&device->Lock, irql);\n}\n",
    "static VOID Lock@(DEVICE *device, KIRQL *irql)\n{\n"
    "    *irql = KeGetCurrentIrql();\n"
    "    if (*irql < DISPATCH_LEVEL)\n        KeRaiseIrql(DISPATCH_LEVEL, irql);\n"
    "    KeAcquireSpinLockAtDpcLevel(&device->QueueLock);\n}\n"
    "static VOID Unlock@(DEVICE *device, KIRQL irql)\n{\n"
    "    KeReleaseSpinLockFromDpcLevel(&device->QueueLock);\n"
    "    if (irql < DISPATCH_LEVEL)\n        KeLowerIrql(irql);\n}\n",
    "static VOID Lock@(DEVICE *device, KIRQL *irql)\n{\n"
    "    *irql = 0;\n    KeAcquireSpinLock(&device->QueueLock, &device->SavedIrql);\n}\n"
    "static VOID Unlock@(DEVICE *device, KIRQL irql)\n{\n"
    "    UNREFERENCED_PARAMETER(irql);\n"
    "    KeReleaseSpinLock(&device->QueueLock, device->SavedIrql);\n}\n",
    "static VOID Lock@(DEVICE *device, KIRQL *irql)\n{\n"
    "    *irql = KeGetCurrentIrql();\n    if (*irql < DISPATCH_LEVEL)\n"
    "        ExAcquireFastMutex(&device->Mutex);\n}\n"
    "static VOID Unlock@(DEVICE *device, KIRQL irql)\n{\n"
    "    if (irql < DISPATCH_LEVEL)\n        ExReleaseFastMutex(&device->Mutex);\n}\n"};

static const char HELPERS[] =
    "static NTSTATUS Config@(DEVICE *device, ULONG option, LONG value)\n{\n"
    "    switch (option) {\n"
    "    case 0: device->Power = value; break;\n"
    "    case 1: device->Speed = value; break;\n"
    "    case 2: device->Width = value; break;\n"
    "    case 3: device->Depth = value; return SetState(device, value, NOT_LOCKED);\n"
    "    case 4: case 5: case 6: device->Mode = value; break;\n"
    "    case 7: Note(device, #1); break;\n"
    "    default:\n        if (option >= 32)\n            return STATUS_INVALID_PARAMETER;\n"
    "        device->Options[option] = (ULONG)value;\n    }\n"
    "    return STATUS_SUCCESS;\n}\n"
    "static NTSTATUS Try@(DEVICE *device, ULONG length)\n{\n"
    "    NTSTATUS status;\n    KIRQL irql;\n    PVOID buffer, copy = NULL;\n"
    "    buffer = ExAllocatePoolWithTag(NonPagedPool, length, 'lacS');\n"
    "    if (buffer == NULL)\n        return STATUS_INSUFFICIENT_RESOURCES;\n"
    "    status = Config@(device, #2 % 32, #2);\n"
    "    if (!NT_SUCCESS(status))\n        goto free;\n"
    "    copy = ExAllocatePoolWithTag(NonPagedPool, length, 'lacS');\n"
    "    if (copy == NULL) {\n        status = STATUS_INSUFFICIENT_RESOURCES;\n"
    "        goto free;\n    }\n"
    "    Lock@(device, &irql);\n"
    "    if (device->Buffer != NULL) {\n        status = STATUS_DEVICE_BUSY;\n"
    "        goto unlock;\n    }\n"
    "    RtlCopyMemory(copy, buffer, length);\n    device->Buffer = buffer;\n    buffer = NULL;\n"
    "unlock:\n    Unlock@(device, irql);\n"
    "    ExFreePoolWithTag(copy, 'lacS');\n"
    "free:\n    if (buffer != NULL)\n        ExFreePoolWithTag(buffer, 'lacS');\n"
    "    Note(device, #3);\n    return status;\n}\n"
    "static LONG Walk@(DEVICE *device, NODE *node, LONG depth)\n{\n"
    "    LONG left, right;\n    if (node == NULL || depth > 64)\n        return 0;\n"
    "    if (node->Value == #4)\n        Config@(device, 1, node->Value);\n"
    "    left = Walk@(device, node->Left, depth + 1);\n"
    "    right = Walk@(device, node->Right, depth + 1);\n"
    "    return left > right ? left : right;\n}\n"
    "static BOOLEAN Odd@(DEVICE *device, ULONG n);\n"
    "static BOOLEAN Even@(DEVICE *device, ULONG n)\n{\n"
    "    if (n == 0)\n        return TRUE;\n    device->Count++;\n"
    "    return Odd@(device, n - 1);\n}\n"
    "static BOOLEAN Odd@(DEVICE *device, ULONG n)\n{\n"
    "    KIRQL irql;\n    if (n == 0)\n        return FALSE;\n"
    "    Lock@(device, &irql);\n    device->Count--;\n    Unlock@(device, irql);\n"
    "    return Even@(device, n - 1);\n}\n"
    "static VOID Flags@(DEVICE *device, ULONG flags)\n{\n"
    "    KIRQL irql = 0;\n    if (flags & NOT_LOCKED)\n        Lock@(device, &irql);\n"
    "    Config@(device, 2, #5);\n"
    "    if (flags & NOT_LOCKED)\n        Unlock@(device, irql);\n"
    "    if (!(flags & QUIET))\n        Note(device, #5);\n}\n";

static const char CHAIN[] =
    "static NTSTATUS StepD@(DEVICE *device, LONG mode, ULONG value)\n{\n"
    "    if (mode == 2)\n        Flags@(device, NOT_LOCKED);\n"
    "    return Chain$(device, mode, value);\n}\n"
    "static NTSTATUS StepC@(DEVICE *device, LONG mode, ULONG value)\n{\n"
    "    NTSTATUS status = Config@(device, #6 % 8, (LONG)value);\n"
    "    if (!NT_SUCCESS(status))\n        return status;\n"
    "    return StepD@(device, mode, value + 1);\n}\n"
    "static NTSTATUS StepB@(DEVICE *device, LONG mode, ULONG value)\n{\n"
    "    KIRQL irql;\n    Lock@(device, &irql);\n    device->Count += value;\n"
    "    Unlock@(device, irql);\n    return StepC@(device, mode, value);\n}\n"
    "static NTSTATUS StepA@(DEVICE *device, LONG mode, ULONG value)\n{\n"
    "    if (device->Mode > mode && device->State == 3)\n        Note(device, #7);\n"
    "    return StepB@(device, mode, value);\n}\n"
    "NTSTATUS Chain@(DEVICE *device, LONG mode, ULONG value)\n{\n"
    "    if (device->Power == 0)\n        return STATUS_DEVICE_NOT_READY;\n"
    "    return StepA@(device, mode, value);\n}\n";

static const char HANDLER[] =
    "NTSTATUS Op~@(DEVICE *device, REQUEST *request)\n{\n"
    "    KIRQL irql;\n    NTSTATUS status = STATUS_SUCCESS;\n"
    "    if (request->Length < #8 % 64)\n        return STATUS_BUFFER_TOO_SMALL;\n"
    "    Lock@(device, &irql);\n    device->Count += request->Length;\n"
    "    if (device->State == ~)\n        status = Config@(device, #8 % 40, #9);\n"
    "    Unlock@(device, irql);\n"
    "    if (NT_SUCCESS(status))\n        Note(device, #9);\n"
    "    request->Status = status;\n    return status;\n}\n";

static const char ROOTS[] =
    "static NTSTATUS Dispatch@(DEVICE *device, REQUEST *request)\n{\n"
    "    if (request->Code >= RTL_NUMBER_OF(Table))\n        return STATUS_INVALID_PARAMETER;\n"
    "    return Table[request->Code](device, request);\n}\n"
    "static VOID Worker@(PDEVICE_OBJECT object, PVOID context)\n{\n"
    "    DEVICE *device = context;\n    REQUEST request = {0};\n"
    "    UNREFERENCED_PARAMETER(object);\n"
    "    Chain@(device, ~, 1);\n    Try@(device, #2);\n    Walk@(device, device->Tree, 0);\n"
    "    if (Even@(device, 10))\n        Dispatch@(device, &request);\n"
    "    SetState(device, ~, NOT_LOCKED | MAY_WAIT);\n"
    "    if (Operations.Third != NULL)\n        Operations.Third(device, &request);\n}\n"
    "static VOID Dpc@(PKDPC dpc, PVOID context, PVOID first, PVOID second)\n{\n"
    "    DEVICE *device = context;\n"
    "    UNREFERENCED_PARAMETER(dpc);\n    UNREFERENCED_PARAMETER(first);\n"
    "    Flags@(device, NOT_LOCKED | QUIET);\n    SetState(device, ~, NOT_LOCKED);\n"
    "    Odd@(device, 3);\n    Operations.First(device, second);\n}\n"
    "VOID Start@(DEVICE *device)\n{\n"
    "    KeInitializeDpc(&device->Dpc, Dpc@, device);\n"
    "    IoQueueWorkItem(device->Item, Worker@, DelayedWorkQueue, device);\n"
    "    Operations.First = Op0@;\n    Operations.Second = Op1@;\n    Operations.Third = Op2@;\n"
    "    Config@(device, 3, 1);\n}\n";

/* `@` is the group, `$` the next one, `~` the number given, `#n` a constant of group and place. */
static void expand(FILE *out, const char *text, unsigned group, unsigned number) {
    for (; *text != '\0'; text++) {
        if (*text == '@')
            fprintf(out, "%u", group);
        else if (*text == '$')
            fprintf(out, "%u", group + 1);
        else if (*text == '~')
            fprintf(out, "%u", number);
        else if (text[0] == '#' && text[1] >= '0' && text[1] <= '9')
            fprintf(out, "%u", group * 10 + (unsigned)(*++text - '0') + 100 * number);
        else
            fputc(*text, out);
    }
}

static FILE *open_file(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        perror(path);
        exit(1);
    }
    return out;
}

/* The table of the file's handlers, of those of ten files in every tenth. */
static void write_table(FILE *out, unsigned first, unsigned groups) {
    unsigned files = first / FILE_GROUPS % WIDE_FILES == 0 ? WIDE_FILES : 1;
    unsigned end = first + files * FILE_GROUPS < groups ? first + files * FILE_GROUPS : groups;
    for (unsigned group = first; group < end; group++) {
        for (unsigned i = 0; i < HANDLERS; i++)
            fprintf(out, "HANDLER Op%u%u;\n", i, group);
    }
    fprintf(out, "static HANDLER *const Table[] = {\n");
    for (unsigned group = first; group < end; group++)
        fprintf(out, "    Op0%u, Op1%u, Op2%u,\n", group, group, group);
    fprintf(out, "};\nstatic struct { HANDLER *First; HANDLER *Second; HANDLER *Third; } "
                 "Operations;\n");
}

static void write_group(FILE *out, unsigned group, unsigned groups) {
    expand(out, LOCKS[group % (sizeof LOCKS / sizeof *LOCKS)], group, 0);
    expand(out, HELPERS, group, 0);
    if (group + 1 == groups || (group + 1) % (FILE_GROUPS * CHAIN_FILES) == 0)
        expand(out, "#define Chain$(device, mode, value) SetState(device, mode, value)\n", group, 0);
    else
        expand(out, "NTSTATUS Chain$(DEVICE *device, LONG mode, ULONG value);\n", group, 0);
    expand(out, CHAIN, group, 0);
    for (unsigned i = 0; i < HANDLERS; i++)
        expand(out, HANDLER, group, i);
    expand(out, ROOTS, group, group % 7);
}

static void write_files(const char *folder, unsigned groups) {
    for (unsigned first = 0; first < groups; first += FILE_GROUPS) {
        char name[64];
        snprintf(name, sizeof name, "part%u.c", first / FILE_GROUPS);
        FILE *out = open_file(folder, name);
        fputs("#include \"scale.h\"\n", out);
        write_table(out, first, groups);
        for (unsigned group = first; group < first + FILE_GROUPS && group < groups; group++)
            write_group(out, group, groups);
        fclose(out);
    }
}

static void write_driver(const char *folder, unsigned groups) {
    FILE *out = open_file(folder, "scale.h");
    fputs(HEADER, out);
    fclose(out);
    out = open_file(folder, "driver.c");
    fputs(DRIVER_HEAD, out);
    for (unsigned group = 0; group < groups; group++)
        fprintf(out, "VOID Start%u(DEVICE *device);\n", group);
    fputs("NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)\n{\n"
          "    UNREFERENCED_PARAMETER(path);\n    driver->DriverUnload = Unload;\n",
          out);
    for (unsigned group = 0; group < groups; group++)
        fprintf(out, "    Start%u(&Device);\n", group);
    fputs("    return STATUS_SUCCESS;\n}\n", out);
    fclose(out);
    out = open_file(folder, "scale.vcxproj");
    fputs("<Project><PropertyGroup><DriverType>WDM</DriverType></PropertyGroup><ItemGroup>\n"
          "<ClCompile Include=\"driver.c\"/>\n",
          out);
    for (unsigned i = 0; i < (groups + FILE_GROUPS - 1) / FILE_GROUPS; i++)
        fprintf(out, "<ClCompile Include=\"part%u.c\"/>\n", i);
    fputs("</ItemGroup></Project>\n", out);
    fclose(out);
}

int main(int argc, char **argv) {
    unsigned functions = argc == 3 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
    if (functions < GROUP_FUNCTIONS) {
        fprintf(stderr, "usage: scale_driver FUNCTIONS FOLDER\n");
        return 2;
    }
    write_driver(argv[2], functions / GROUP_FUNCTIONS);
    write_files(argv[2], functions / GROUP_FUNCTIONS);
    return 0;
}
