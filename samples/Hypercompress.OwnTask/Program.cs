using Hypercompress.Models.Errors;
using Hypercompress.OwnTask;

if (args is not [var model])
{
    Console.Error.WriteLine("usage: MODEL");
    return 2;
}

try
{
    OwnTaskSample.Run(model, Path.Combine(AppContext.BaseDirectory, "Documents"), Console.Out);
    return 0;
}
catch (HypercompressException fault)
{
    Console.Error.WriteLine($"error: {fault.Message}");
    return fault.ExitCode;
}
