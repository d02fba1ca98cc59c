using Hypercompress.Fuzz;

return FuzzCommand.Run(args, Console.Out);
