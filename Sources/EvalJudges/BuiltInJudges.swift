// The one list of the judges that are part of evalhost.


