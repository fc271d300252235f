using Synfin.Cli.CommandLine;

return await SynfinCommandLine.RunAsync(args, Terminal.OfThisProcess(), Console.Out, Console.Error);
