using Hypercompress.InCode;

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
await CompressSample.RunAsync(model, text, output, new(), Console.Out, stop.Token);
return 0;
