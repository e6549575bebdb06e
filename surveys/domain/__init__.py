"""Rules of surveys that need neither database nor clock."""
