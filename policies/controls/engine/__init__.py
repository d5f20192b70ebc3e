"""Controls of how a program is built, whatever cloud it is for."""
