using Hypercompress.Cli;

try
{
    return CommandLine.Run(args, Console.Out, Console.Error);
}
catch (Exception exception)
{
    return Explain(exception);
}

// With very few file handles not even the parts that explain errors can be loaded.
static int Explain(Exception exception)
{
    try
    {
        Failure failure = exception.GetBaseException() is IOException missing
            ? Failure.LimitOfTheSystem(missing.Message)
            : Failure.Explain(exception);
        Console.Error.WriteLine($"error: {failure.Message}");
        return failure.ExitCode;
    }
    catch (Exception fault) when (fault.GetBaseException() is IOException missing)
    {
        Console.Error.WriteLine($"error: the system lets this program open too few files: {missing.Message}");
        return (int)ExitCode.Resources;
    }
}
