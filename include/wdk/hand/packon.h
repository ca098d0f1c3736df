/* no guard: included around every packed declaration */
#pragma pack(push, 1)
