namespace Synfin.Wire;
/// <summary>x</summary>
public static class TcpOptionParser { }
