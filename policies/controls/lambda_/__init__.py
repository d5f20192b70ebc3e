"""Controls of AWS Lambda; the underscore is there because Python keeps the word for itself."""
