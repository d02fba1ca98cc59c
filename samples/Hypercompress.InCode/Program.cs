using Hypercompress.InCode;
using Hypercompress.Models.Errors;

if (args is not [var model, var text, var output])
{
    Console.Error.WriteLine("usage: MODEL TEXT OUT");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
try
{
    await CompressSample.RunAsync(model, text, output, new(), Console.Out, stop.Token);
    return 0;
}
catch (HypercompressException fault)
{
    Console.Error.WriteLine($"error: {fault.Message}");
    return fault.ExitCode;
}
