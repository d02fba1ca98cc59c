using Hypercompress.Cli;

try
{
    return CommandLine.Run(args, Console.Out, Console.Error);
}
catch (Exception exception)
{
    // With very few file handles not even the parts that explain errors can be loaded.
    Failure failure = exception.GetBaseException() is IOException missing
        ? Failure.LimitOfTheSystem(missing.Message)
        : Failure.Explain(exception);
    Console.Error.WriteLine($"error: {failure.Message}");
    return failure.ExitCode;
}
