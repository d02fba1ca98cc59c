using Hypercompress.OwnTask;

if (args is not [var model])
{
    Console.Error.WriteLine("usage: MODEL");
    return 2;
}

OwnTaskSample.Run(model, Path.Combine(AppContext.BaseDirectory, "Documents"), Console.Out);
return 0;
