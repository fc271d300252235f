using System.CommandLine;
using Synfin.Cli.Hosts;
using Synfin.Cli.Serve;

namespace Synfin.Cli.CommandLine;

/// <summary>The arguments of <c>synfin serve</c>.</summary>
internal static class ServeDefinition
{
    /// <summary>The command, bound to its action.</summary>
    public static Command Create(CommandContext context)
    {
        var folder = new Argument<string>("DIR") { HelpName = "DIR", Description = "The folder whose files are served" };
        Option<int?> port = CommandOptions.Number<int>("--port", "N", 1, ushort.MaxValue,
            $"HTTP's port [default: {ServeOptions.DefaultPort}]");
        Option<bool> tls = CommandOptions.Switch("--tls", "HTTPS as well, with HTTP/2; the certificate is made on the spot");
        Option<int?> tlsPort = CommandOptions.Number<int>("--tls-port", "N", 1, ushort.MaxValue,
            $"HTTPS's port; implies --tls [default: {ServeOptions.DefaultTlsPort}]");
        Option<bool> noListing = CommandOptions.Switch("--no-listing", "Do not list folders that have no index.html");
        Option<bool> verbose = CommandOptions.Verbose("Write a line for each request to standard error");

        var command = new CheckedCommand("serve", "Serve the files of a folder over HTTP, by Kestrel on this stack (Linux)")
        {
            folder, port, tls, tlsPort, noListing, verbose,
        };
        HostDefinition host = HostDefinition.AddTo(command);
        ServeOptions Read(ParseResult parsed) => new()
        {
            Folder = parsed.GetValue(folder) ?? "",
            Port = parsed.GetValue(port) ?? ServeOptions.DefaultPort,
            TlsPort = parsed.GetValue(tlsPort) ?? (parsed.GetValue(tls) ? ServeOptions.DefaultTlsPort : null),
            Listing = !parsed.GetValue(noListing),
            Verbose = parsed.GetValue(verbose),
        };
        command.Check(parsed => ProblemOf(Read(parsed)));
        command.SetAction((parsed, _) =>
        {
            ServeOptions options = Read(parsed);
            return HostSession.RunAsync(
                context, host.Read(parsed), "synfin serve", context.Output, (session, ct) => ServeCommand.RunAsync(options, session, ct));
        });
        return command;
    }

    private static string? ProblemOf(ServeOptions options)
    {
        if (File.Exists(options.Folder)) return $"'{options.Folder}' is a file; DIR is the folder that it is in";
        if (!Directory.Exists(options.Folder)) return $"there is no folder '{options.Folder}'";
        if (options.Port != options.TlsPort) return null;
        return $"HTTP and HTTPS cannot both be on port {options.Port}: choose with --port and --tls-port";
    }
}
