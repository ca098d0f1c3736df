/* no guard: included around every packed declaration */
#pragma pack(push, 16)
