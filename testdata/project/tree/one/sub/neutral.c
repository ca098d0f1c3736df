int neutral(int a) { return a; }
