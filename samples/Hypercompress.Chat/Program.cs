using Hypercompress.Chat;
using Hypercompress.Models.Errors;

try
{
    return args switch
    {
        [var model, "--serve"] => await ServingSample.RunAsync(model, Console.Out, Console.In),
        [var model, .. var words] when words.Length > 0 => await ChatSample.RunAsync(
            model, string.Join(' ', words), Console.Out),
        _ => Usage(),
    };
}
catch (HypercompressException fault)
{
    Console.Error.WriteLine($"error: {fault.Message}");
    return fault.ExitCode;
}

static int Usage()
{
    Console.Error.WriteLine("usage: MODEL QUESTION, or MODEL --serve");
    return 2;
}
