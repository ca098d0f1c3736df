#/* nothing */
int x;
