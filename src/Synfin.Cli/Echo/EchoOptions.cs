namespace Synfin.Cli.Echo;

internal sealed record EchoOptions(string Tun, string Address, string HostAddress, int Port, bool Ladder, string? Pcap);
